// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.io.OutputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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

/** Reads and writes JSON objects whose values are as {@link JsonValues} has them, and reads no other (T8, RFC 8259). */
final class Json {

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonValues.DEEPEST + 4)
                    .maxNumberLength(1100)
                    .build())
            .build();

    private Json() {}

    /** The members of one JSON object, as strictly as T8 reads. */
    static Optional<Map<String, @Nullable Object>> members(byte[] bytes) {
        if (bytes.length > TicketValueCodec.MAXIMUM_BYTES) {
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
    static String text(Map<String, ?> members) {
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

    /** What writes UTF-8 there. */
    static JsonGenerator generator(OutputStream bytes) {
        return JSON.createGenerator(ObjectWriteContext.empty(), bytes);
    }

    static void member(JsonGenerator json, String name, @Nullable Object value) {
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
