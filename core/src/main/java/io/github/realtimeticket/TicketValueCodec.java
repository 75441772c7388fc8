// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

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

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonValues.DEEPEST + 4)
                    .maxNumberLength(1100)
                    .build())
            .build();

    private TicketValueCodec() {}

    /**
     * Writes a value as UTF-8 JSON.
     *
     * @throws IllegalArgumentException if that needs more than {@value #MAXIMUM_BYTES} bytes
     */
    public static byte[] encode(TicketValue value) {
        var bytes = new ByteArrayOutputStream(SURELY_ENOUGH);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            member(json, "id", value.holder().id());
            member(json, "username", value.holder().username());
            value.holder().attributes().forEach((name, attribute) -> member(json, name, attribute));
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
            return members(bytes).flatMap(TicketValueCodec::value);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The members of one JSON object, as strictly as T8 reads. */
    static Optional<Map<String, @Nullable Object>> members(byte[] bytes) {
        if (bytes.length > MAXIMUM_BYTES) {
            return Optional.empty();
        }
        try {
            String text = text(bytes);
            try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
                if (json.nextToken() != JsonToken.START_OBJECT) {
                    return Optional.empty();
                }
                Map<String, @Nullable Object> members = object(json);
                return json.nextToken() == null ? Optional.of(members) : Optional.empty();
            }
        } catch (CharacterCodingException | JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** One JSON object with these members. */
    static String json(Map<String, ?> members) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            write(json, members);
        }
        return text.toString();
    }

    // The strict decoder only where the lenient one may have met a fault: it is the slower one.
    private static String text(byte[] bytes) throws CharacterCodingException {
        var text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf('\ufffd') < 0
                ? text
                : StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
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
        TicketBinding binding = value.binding();
        if (value.equals(new TicketValue(value.holder(), TicketBinding.none(), null))) {
            return;
        }
        json.writeName("rt");
        json.writeStartObject();
        if (binding.audience() != null) {
            member(json, "audience", binding.audience());
        }
        if (binding.origin() != null) {
            member(json, "origin", binding.origin());
        }
        if (value.issuedAt() != null) {
            member(json, "issued_at", value.issuedAt().toEpochMilli());
        }
        if (!value.authorities().isEmpty()) {
            member(json, "authorities", value.authorities());
        }
        login(json, value.login());
        if (value.trace() != null) {
            member(json, "trace", value.trace());
        }
        // The last, where a store can put it in.
        if (value.history() != null) {
            member(json, "history", value.history());
        }
        json.writeEndObject();
    }

    private static void login(JsonGenerator json, TicketLogin login) {
        if (login.session() != null) {
            member(json, "session", login.session());
        }
        if (login.until() != null) {
            member(json, "until", login.until().toEpochMilli());
        }
        if (login.revision() != null) {
            member(json, "revision", login.revision());
        }
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
        var binding = new TicketBinding((String) rt.get("audience"), (String) rt.get("origin"));
        return Optional.of(new TicketValue(
                holder,
                binding,
                instant(rt.get("issued_at")),
                rt.containsKey("authorities") ? texts((List<?>) rt.get("authorities")) : List.of(),
                login(rt),
                (String) rt.get("history"),
                rt.get("trace") instanceof String trace ? trace : null));
    }

    private static TicketLogin login(Map<String, @Nullable Object> rt) {
        boolean none = !rt.containsKey("session") && !rt.containsKey("until") && !rt.containsKey("revision");
        return none
                ? TicketLogin.none()
                : new TicketLogin((String) rt.get("session"), instant(rt.get("until")), (String) rt.get("revision"));
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

    private static void member(JsonGenerator json, String name, @Nullable Object value) {
        json.writeName(name);
        write(json, value);
    }

    private static void write(JsonGenerator json, @Nullable Object value) {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof BigInteger number) {
            json.writeNumber(number);
        } else if (value instanceof BigDecimal number) {
            json.writeNumber(number);
        } else if (value instanceof Boolean bool) {
            json.writeBoolean(bool);
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            map.forEach((name, member) -> member(json, (String) name, member));
            json.writeEndObject();
        } else {
            json.writeStartArray();
            ((List<?>) value).forEach(element -> write(json, element));
            json.writeEndArray();
        }
    }

    private static Map<String, @Nullable Object> object(JsonParser json) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            if (members.containsKey(name)) {
                throw new IllegalArgumentException("A name is there twice");
            }
            members.put(name, read(json, json.nextToken()));
        }
        return members;
    }

    private static List<@Nullable Object> array(JsonParser json) {
        List<@Nullable Object> elements = new ArrayList<>();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            elements.add(read(json, token));
        }
        return elements;
    }

    private static @Nullable Object read(JsonParser json, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> array(json);
            case VALUE_STRING -> json.getString();
            case VALUE_NUMBER_INT -> whole(json);
            case VALUE_NUMBER_FLOAT -> json.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IllegalArgumentException("Not a JSON value: " + token);
        };
    }

    private static Object whole(JsonParser json) {
        return json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? json.getBigIntegerValue()
                : (Object) json.getLongValue();
    }
}
