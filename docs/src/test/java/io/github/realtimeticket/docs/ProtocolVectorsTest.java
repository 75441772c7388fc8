// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketLogin;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** What the protocol's test vectors say is what the code does. */
class ProtocolVectorsTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");

    private final Vectors vectors = new Vectors();

    @TestFactory
    Stream<DynamicTest> t2_aTicketIsAcceptedAndHasThisHash() {
        return vectors.each("tickets", vector -> {
            Ticket ticket = Ticket.parse(Vectors.text(vector, "ticket")).orElseThrow();

            assertThat(ticket.sha256()).isEqualTo(Vectors.text(vector, "sha256"));
            assertThat(ticket.fingerprint()).isEqualTo(Vectors.text(vector, "fingerprint"));
        });
    }

    @TestFactory
    Stream<DynamicTest> t2_anythingElseIsRefused() {
        return vectors.each("refused_tickets", vector -> assertThat(Ticket.parse(Vectors.text(vector, "text")))
                .isEmpty());
    }

    @TestFactory
    Stream<DynamicTest> t8_aValueIsReadAndComesBackEqual() {
        return vectors.each("values", vector -> {
            JsonNode rt = vector.required("rt");
            TicketValue expected = new TicketValue(
                    Vectors.holder(vector),
                    binding(rt),
                    issuedAt(rt),
                    rt.has("authorities") ? texts(rt, "authorities") : List.of(),
                    TicketLogin.none(),
                    Vectors.text(rt, "history"),
                    null);

            Optional<TicketValue> read = TicketValueCodec.decode(Vectors.bytes(vector));

            assertThat(read).contains(expected);
        });
    }

    @TestFactory
    Stream<DynamicTest> t8_anythingElseIsNothing() {
        return vectors.each("nothing", vector -> assertThat(TicketValueCodec.decode(Vectors.bytes(vector)))
                .isEmpty());
    }

    @TestFactory
    Stream<DynamicTest> t8_aTraceIsReadOrPassedOver() {
        return vectors.each("traces", vector -> {
            String json = "{\"id\":1,\"username\":\"alice\",\"rt\":" + vector.required("rt") + "}";

            Optional<TicketValue> read = TicketValueCodec.decode(json.getBytes(UTF_8));

            assertThat(read.map(TicketValue::holder)).contains(ALICE);
            assertThat(read.map(TicketValue::trace)).isEqualTo(Optional.ofNullable(Vectors.text(vector, "trace")));
        });
    }

    @TestFactory
    Stream<DynamicTest> t9_aConnectionIsAdmittedOrForbidden() {
        return vectors.each("connections", vector -> {
            TicketStore store = TicketStore.inMemory();
            Ticket ticket = Ticket.parse("AAECAwQFBgcICQoLDA0ODxAREhM").orElseThrow();
            var value = new TicketValue(ALICE, binding(vector.required("rt")), null);
            assertThat(store.put(ticket, value, Duration.ofSeconds(10))).isCompletedWithValue(true);
            Gate gate = Gate.builder(Tickets.of(store))
                    .audience(Vectors.text(vector, "audience"))
                    .allowedOrigins(texts(vector, "allowed_origins"))
                    .build();

            Admission admission = gate.admit(
                            new Request("ticket=" + ticket.reveal(), Map.of("Origin", texts(vector, "origins"))))
                    .toCompletableFuture()
                    .join();

            int status =
                    admission.fold(admitted -> 200, refused -> refused.reason().status());
            assertThat(status).isEqualTo(vector.required("status").asInt());
            assertThat(store.take(ticket)).as("the ticket is used up").isCompletedWithValue(Optional.empty());
        });
    }

    @TestFactory
    Stream<DynamicTest> t10_ticketsAreFoundInAQuery() {
        return vectors.each(
                "queries", vector -> assertThat(TicketCarrier.query().find(new Request(Vectors.text(vector, "query"))))
                        .isEqualTo(texts(vector, "tickets")));
    }

    @TestFactory
    Stream<DynamicTest> t10_ticketsAreFoundAmongSubprotocols() {
        return vectors.each("subprotocols", vector -> {
            ConnectionRequest request = new Request(null, Map.of("Sec-WebSocket-Protocol", texts(vector, "lines")));

            assertThat(TicketCarrier.subprotocol().find(request)).isEqualTo(texts(vector, "tickets"));
            assertThat(TicketCarrier.subprotocol().subprotocols(request)).isEqualTo(texts(vector, "others"));
        });
    }

    private static TicketBinding binding(JsonNode rt) {
        return new TicketBinding(Vectors.text(rt, "audience"), Vectors.text(rt, "origin"));
    }

    private static @Nullable Instant issuedAt(JsonNode rt) {
        return rt.has("issued_at") ? Instant.ofEpochMilli(rt.get("issued_at").asLong()) : null;
    }

    private static List<String> texts(JsonNode vector, String name) {
        return vector.required(name).valueStream().map(JsonNode::asString).toList();
    }
}
