// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Presentation;
import io.github.realtimeticket.TicketValueCodec;
import io.github.realtimeticket.fixtures.Request;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** What the protocol's test vectors say of a second presentation is what the code does. */
class PresentationVectorsTest {

    private final Vectors vectors = new Vectors();

    @TestFactory
    Stream<DynamicTest> t19_aTraceIsReadAndComesBackEqual() {
        return vectors.each("presentations", vector -> {
            byte[] text = vector.required("text").asString().getBytes(UTF_8);
            Optional<Presentation> read = Presentation.parse(text);

            if (vector.has("nothing")) {
                assertThat(read).isEmpty();
                return;
            }
            Instant at = Instant.ofEpochMilli(vector.required("at").asLong());
            assertThat(read)
                    .contains(new Presentation(at, Vectors.text(vector, "key"), Vectors.text(vector, "origin")));
            assertThat(Presentation.parse(read.get().json().getBytes(UTF_8))).isEqualTo(read);
            assertThat(TicketValueCodec.decode(text)).isEmpty();
        });
    }

    @TestFactory
    Stream<DynamicTest> t19_ofAHandshakeHashesAreKept() {
        return vectors.each("handshakes", vector -> {
            ConnectionRequest request = new Request(
                    null, Map.of("Sec-WebSocket-Key", lines(vector, "keys"), "Origin", lines(vector, "origins")));

            Presentation kept = Presentation.of(Instant.EPOCH, request);

            assertThat(kept.key()).isEqualTo(Vectors.text(vector, "key"));
            assertThat(kept.origin()).isEqualTo(Vectors.text(vector, "origin"));
        });
    }

    private static List<String> lines(JsonNode vector, String name) {
        return vector.required(name).valueStream().map(JsonNode::asString).toList();
    }
}
