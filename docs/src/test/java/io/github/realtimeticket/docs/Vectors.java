// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.realtimeticket.TicketHolder;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The protocol's test vectors, read as protocol.md says. */
final class Vectors {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final JsonNode all = JSON.readTree(Path.of("protocol-vectors.json"));

    /** A test for every vector of a section, named after it. */
    Stream<DynamicTest> each(String section, Consumer<JsonNode> test) {
        JsonNode vectors = all.required(section);
        if (vectors.isEmpty()) {
            throw new IllegalStateException("There are no vectors in " + section);
        }
        return vectors.valueStream()
                .map(vector -> DynamicTest.dynamicTest(vector.toString(), () -> test.accept(vector)));
    }

    /** The bytes of a value: text, hexadecimal bytes, or parts that are repeated. */
    static byte[] bytes(JsonNode vector) {
        if (vector.has("hex")) {
            return HexFormat.of().parseHex(vector.get("hex").asString());
        }
        if (vector.has("value")) {
            return vector.get("value").asString().getBytes(UTF_8);
        }
        var text = new StringBuilder();
        vector.required("parts")
                .forEach(part ->
                        text.append(part.get(0).asString().repeat(part.get(1).asInt())));
        return text.toString().getBytes(UTF_8);
    }

    static TicketHolder holder(JsonNode vector) {
        JsonNode id = vector.required("id");
        Map<String, @Nullable Object> attributes =
                JSON.convertValue(vector.required("attributes"), JSON.constructType(Map.class));
        return new TicketHolder(
                id.has("string")
                        ? id.get("string").asString()
                        : new BigInteger(id.required("integer").asString()),
                vector.required("username").asString(),
                attributes);
    }

    static @Nullable String text(JsonNode vector, String name) {
        JsonNode member = vector.get(name);
        return member == null || member.isNull() ? null : member.asString();
    }
}
