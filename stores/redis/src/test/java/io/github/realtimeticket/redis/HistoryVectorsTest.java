// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The protocol's test vectors of what an answer to {@code INFO replication} says of a ticket's history. */
class HistoryVectorsTest {

    @TestFactory
    Stream<DynamicTest> t15_aTicketIsOfThisHistoryOrRefused() {
        JsonNode vectors = JsonMapper.shared()
                .readTree(Path.of("..", "..", "docs", "protocol-vectors.json"))
                .required("histories");
        assertThat(vectors).isNotEmpty();
        // A value without a history is no question for the server.
        return vectors.valueStream()
                .filter(vector -> !vector.required("history").isNull())
                .map(vector -> DynamicTest.dynamicTest(vector.toString(), () -> {
                    byte[] info = vector.required("info").asString().getBytes(StandardCharsets.US_ASCII);

                    boolean admitted = Replication.in(info)
                            .isPrimaryIn(vector.required("history").asString());

                    assertThat(admitted).isEqualTo(vector.required("admitted").asBoolean());
                }));
    }
}
