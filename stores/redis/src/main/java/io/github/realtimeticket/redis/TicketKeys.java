// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.Ticket;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Under which key a ticket is kept (T7). Issuers and redeemers of the same tickets need the same form and prefix. Immutable
 * and thread-safe.
 */
public final class TicketKeys {

    private final boolean hashed;
    private final String prefix;

    private TicketKeys(boolean hashed, String prefix) {
        this.hashed = hashed;
        this.prefix = Objects.requireNonNull(prefix, "prefix");
    }

    /** {@code ticket:} and the ticket's hash: whoever reads the keys cannot redeem. The form to use. */
    public static TicketKeys hashed() {
        return hashed("ticket:");
    }

    /** A prefix, which may be empty, and the lower-case hexadecimal SHA-256 of the ticket. */
    public static TicketKeys hashed(String prefix) {
        return new TicketKeys(true, prefix);
    }

    /**
     * A prefix, which may be empty, and the ticket itself, for issuers and backends that do it this way.
     *
     * <p><b>Security:</b> whoever can list the keys, or reads a backup or the slow log, can redeem. With an empty prefix, anybody who asks a
     * gate can name, and so delete, every string whose key is 22 to 64 letters, digits, {@code -} or {@code _}: nothing else may be in
     * that database, and a store says so at WARNING when it is made.
     */
    public static TicketKeys plain(String prefix) {
        return new TicketKeys(false, prefix);
    }

    /** Whether a key can be one that a client has made up. */
    boolean leaveTheKeyToTheClient() {
        return !hashed && prefix.isEmpty();
    }

    byte[] of(Ticket ticket) {
        return (prefix + (hashed ? ticket.sha256() : ticket.reveal())).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return prefix + (hashed ? "SHA-256(ticket)" : "ticket");
    }
}
