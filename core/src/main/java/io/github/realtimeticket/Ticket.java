// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The secret text that opens one connection, once, and stands for a {@link TicketHolder}.
 *
 * <p>Immutable and thread-safe.
 *
 * <p><b>Security:</b> the text leaves a ticket through {@link #reveal()} only. {@link #toString()} shows the fingerprint,
 * comparison takes the same time wherever two tickets differ, and a ticket is deliberately not serializable.
 */
public final class Ticket {

    private static final int SHORTEST = 22;
    private static final int LONGEST = 64;

    private final byte[] ascii;
    private final int hash;

    private Ticket(String text) {
        ascii = text.getBytes(StandardCharsets.US_ASCII);
        hash = Arrays.hashCode(ascii);
    }

    /**
     * Reads a ticket from what a connection request carried, or answers nothing if the text cannot be one (T2: it must match
     * {@code [A-Za-z0-9_-]{22,64}}). Nothing is asked of a store.
     */
    public static Optional<Ticket> parse(@Nullable String text) {
        return text != null && isTicket(text) ? Optional.of(new Ticket(text)) : Optional.empty();
    }

    /** A new ticket: 160 bits of a {@link java.security.SecureRandom}, base64url without padding (T1). */
    static Ticket random() {
        return new Ticket(TicketGenerator.SHARED.next());
    }

    /** The text itself, for an answer to the user or for a store that keeps tickets as they are. Never log it. */
    public String reveal() {
        return new String(ascii, StandardCharsets.US_ASCII);
    }

    /** The text, for a store that keeps many: the smallest form of it, which nobody may change. */
    byte[] ascii() {
        return ascii;
    }

    /** The lower-case hexadecimal SHA-256 of the text (64 digits): enough to find a ticket, not to redeem it (T7). */
    public String sha256() {
        return sha256(ascii);
    }

    static String sha256(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The first 8 digits of {@link #sha256()}: what logs, metrics and messages show of a ticket (T13). */
    public String fingerprint() {
        return sha256().substring(0, 8);
    }

    private static boolean isTicket(String text) {
        int length = text.length();
        if (length < SHORTEST || length > LONGEST) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean allowed =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ticket that && MessageDigest.isEqual(ascii, that.ascii);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The fingerprint, never the text. */
    @Override
    public String toString() {
        return "Ticket[" + fingerprint() + "]";
    }
}
