// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * That a ticket was shown to a gate: what a store keeps of it in place of the value, to tell when the ticket is shown again (T19). Nothing in
 * it is a secret, and hashes stand for what came from the client.
 *
 * @param at when, by the gate's wall clock, in whole milliseconds
 * @param key the first 32 hexadecimal digits of the SHA-256 of {@code Sec-WebSocket-Key}; {@code null} if there was none, as in a request
 *     that is no handshake, and in a first message
 * @param origin the same of the {@code Origin}, of several with a line feed between them; {@code null} if there was none
 */
public record Presentation(
        Instant at, @Nullable String key, @Nullable String origin) {

    private static final long LATEST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{32}");

    /**
     * Cuts the time to milliseconds, which is what the wire carries.
     *
     * @throws IllegalArgumentException if a hash is not 32 of the digits 0-9 and a-f
     */
    public Presentation {
        at = at.truncatedTo(ChronoUnit.MILLIS);
        requireHash(key);
        requireHash(origin);
    }

    /** What is kept of a request that shows a ticket at this time. */
    public static Presentation of(Instant at, ConnectionRequest request) {
        return new Presentation(at, hash(request.headers("Sec-WebSocket-Key")), hash(request.headers("Origin")));
    }

    /**
     * Whether both are one WebSocket handshake, which a proxy has sent twice: the key of a handshake is a random number. What has none
     * cannot be told so.
     */
    boolean isSameHandshake(Presentation other) {
        return key != null && key.equals(other.key) && isOfSameOrigin(other);
    }

    /** Whether both come from pages of one origin, or both say none. */
    public boolean isOfSameOrigin(Presentation other) {
        return Objects.equals(origin, other.origin);
    }

    /** The JSON that a store keeps in place of a value, for gates in any language; as a value it is <i>nothing</i> (T8). */
    public String json() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("at", at.toEpochMilli());
        if (key != null) {
            members.put("key", key);
        }
        if (origin != null) {
            members.put("origin", origin);
        }
        return Json.text(Map.of("rt", Map.of("presented", members)));
    }

    /** Reads what {@link #json()} wrote; nothing if it is no such trace. Never throws for what the bytes are. */
    public static Optional<Presentation> parse(byte[] bytes) {
        return Json.members(bytes).flatMap(Presentation::read);
    }

    private static Optional<Presentation> read(Map<String, @Nullable Object> members) {
        if (members.size() != 1
                || !(members.get("rt") instanceof Map<?, ?> rt)
                || !(rt.get("presented") instanceof Map<?, ?> presented)
                || !(presented.get("at") instanceof Long at)
                || at < 0
                || at > LATEST) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Presentation(
                    Instant.ofEpochMilli(at), text(presented.get("key")), text(presented.get("origin"))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value != null && !(value instanceof String)) {
            throw new IllegalArgumentException("Not a text");
        }
        return (String) value;
    }

    private static @Nullable String hash(List<String> lines) {
        return lines.isEmpty() ? null : TicketLogin.session(String.join("\n", lines));
    }

    private static void requireHash(@Nullable String text) {
        if (text != null && !HASH.matcher(text).matches()) {
            throw new IllegalArgumentException("What a client has sent is kept as 32 digits of its SHA-256");
        }
    }
}
