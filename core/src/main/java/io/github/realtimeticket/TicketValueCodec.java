// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * A {@link TicketValue} as the JSON object that any language's backend can read (T8, RFC 8259): {@code id}, {@code username},
 * the attributes, and what is ours in {@code rt}.
 *
 * <p>Thread-safe.
 */
public final class TicketValueCodec {

    /** The most bytes a value may have. */
    public static final int MAXIMUM_BYTES = 4096;

    private static final int SURELY_ENOUGH = 256;
    private static final int BYTES_OF_A_CHARACTER = 6;

    private TicketValueCodec() {}

    /**
     * Writes a value as UTF-8 JSON.
     *
     * @throws IllegalArgumentException if that needs more than {@value #MAXIMUM_BYTES} bytes
     */
    public static byte[] encode(TicketValue value) {
        var bytes = new ByteArrayOutputStream(SURELY_ENOUGH);
        try (JsonGenerator json = Json.generator(bytes)) {
            json.writeStartObject();
            Json.member(json, "id", value.holder().id());
            Json.member(json, "username", value.holder().username());
            value.holder().attributes().forEach((name, attribute) -> Json.member(json, name, attribute));
            ours(json, value);
            json.writeEndObject();
        }
        if (bytes.size() > MAXIMUM_BYTES) {
            throw new IllegalArgumentException("The holder and what else a ticket's value keeps (attributes: "
                    + value.holder().attributes().size() + ", authorities: "
                    + value.authorities().size() + ") need " + bytes.size() + " bytes as JSON; at most " + MAXIMUM_BYTES
                    + " are allowed: send fewer or shorter ones");
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what a store had, or answers nothing if it is not one JSON object of the right shape: another key's value, a
     * duplicate name, an anonymous user. Never throws for what the bytes are.
     */
    public static Optional<TicketValue> decode(byte[] bytes) {
        try {
            return Json.members(bytes).flatMap(TicketValueCodec::value);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What {@link #encode} throws, without the work of encoding where the size is plainly no question. */
    static void requireFits(TicketValue value) {
        TicketHolder holder = value.holder();
        long characters = length(holder.id().toString())
                + length(holder.username())
                + length(value.binding().audience())
                + length(value.binding().origin())
                + length(value.login().session())
                + length(value.login().revision())
                + length(value.trace());
        boolean plainlyFits = holder.attributes().isEmpty()
                && value.authorities().isEmpty()
                && characters * BYTES_OF_A_CHARACTER + SURELY_ENOUGH <= MAXIMUM_BYTES;
        if (!plainlyFits) {
            byte[] unused = encode(value);
        }
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static void ours(JsonGenerator json, TicketValue value) {
        if (value.equals(new TicketValue(value.holder(), TicketBinding.none(), null))) {
            return;
        }
        json.writeName("rt");
        json.writeStartObject();
        known(json, "audience", value.binding().audience());
        known(json, "origin", value.binding().origin());
        known(json, "issued_at", millis(value.issuedAt()));
        known(json, "authorities", value.authorities().isEmpty() ? null : value.authorities());
        known(json, "session", value.login().session());
        known(json, "until", millis(value.login().until()));
        known(json, "revision", value.login().revision());
        known(json, "trace", value.trace());
        // The last, where a store can put it in.
        known(json, "history", value.history());
        json.writeEndObject();
    }

    private static void known(JsonGenerator json, String name, @Nullable Object value) {
        if (value != null) {
            Json.member(json, name, value);
        }
    }

    private static @Nullable Long millis(@Nullable Instant time) {
        return time == null ? null : time.toEpochMilli();
    }

    private static Optional<TicketValue> value(Map<String, @Nullable Object> members) {
        Object id = members.remove("id");
        Object username = members.remove("username");
        boolean bare = !members.containsKey("rt");
        Object ours = members.remove("rt");
        // 1E0 and 1.0e1 are whole, but a floating number in other languages: whose id it is must not depend on the
        // reader.
        if (id == null || id instanceof BigDecimal || !(username instanceof String name)) {
            return Optional.empty();
        }
        var holder = new TicketHolder(id, name, members);
        if (bare) {
            return Optional.of(new TicketValue(holder, TicketBinding.none(), null));
        }
        if (!(ours instanceof Map<?, ?> object)) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> rt = JsonValues.ours(object);
        if (!isA(String.class, rt, "audience")
                || !isA(String.class, rt, "origin")
                || !isA(Long.class, rt, "issued_at")
                || !isA(List.class, rt, "authorities")
                || !isA(String.class, rt, "session")
                || !isA(Long.class, rt, "until")
                || !isA(String.class, rt, "revision")
                || !isA(String.class, rt, "history")) {
            return Optional.empty();
        }
        return Optional.of(new TicketValue(
                holder,
                new TicketBinding((String) rt.get("audience"), (String) rt.get("origin")),
                instant(rt.get("issued_at")),
                rt.containsKey("authorities") ? texts((List<?>) rt.get("authorities")) : List.of(),
                TicketLogin.of((String) rt.get("session"), instant(rt.get("until")), (String) rt.get("revision")),
                (String) rt.get("history"),
                rt.get("trace") instanceof String trace ? trace : null));
    }

    private static @Nullable Instant instant(@Nullable Object millis) {
        return millis == null ? null : Instant.ofEpochMilli((Long) millis);
    }

    private static List<String> texts(List<?> values) {
        return values.stream()
                .map(value -> {
                    if (!(value instanceof String text)) {
                        throw new IllegalArgumentException("Not a text");
                    }
                    return text;
                })
                .toList();
    }

    private static boolean isA(Class<?> type, Map<?, ?> members, String name) {
        return !members.containsKey(name) || type.isInstance(members.get(name));
    }
}
