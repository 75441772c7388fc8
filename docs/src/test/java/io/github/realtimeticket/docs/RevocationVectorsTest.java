// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListener;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketLogin;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import io.github.realtimeticket.Tickets;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** What the protocol's test vectors say of the end of a connection is what the code does. */
class RevocationVectorsTest {

    private final Vectors vectors = new Vectors();

    @TestFactory
    Stream<DynamicTest> t16_aLoginIsReadAndComesBackEqual() {
        return vectors.each("logins", vector -> {
            Optional<TicketValue> read = value("1", vector.required("rt"));

            if (vector.has("nothing")) {
                assertThat(read).isEmpty();
                return;
            }
            JsonNode until = vector.required("until");
            var expected = new TicketLogin(
                    Vectors.text(vector, "session"),
                    until.isNull() ? null : Instant.ofEpochMilli(until.asLong()),
                    Vectors.text(vector, "revision"));
            assertThat(read).map(TicketValue::login).contains(expected);
            assertThat(TicketValueCodec.decode(TicketValueCodec.encode(read.get())))
                    .isEqualTo(read);
        });
    }

    @TestFactory
    Stream<DynamicTest> t16_aRevocationIsReadAndComesBackEqual() {
        return vectors.each("revocations", vector -> {
            Optional<Revocation> read = Revocation.parse(vector.required("text").asString());

            if (vector.has("nothing")) {
                assertThat(read).isEmpty();
                return;
            }
            var kind =
                    Revocation.Kind.valueOf(vector.required("kind").asString().toUpperCase(Locale.ROOT));
            assertThat(read)
                    .contains(new Revocation(
                            kind,
                            id(vector.required("id")),
                            vector.required("code").asInt()));
            assertThat(Revocation.parse(read.get().json())).isEqualTo(read);
        });
    }

    @TestFactory
    Stream<DynamicTest> t16_aTicketIsAdmittedOrRevoked() {
        return vectors.each("revoked", vector -> {
            var feed = new Told(vector.required("told"));
            TicketValue value =
                    value(json(vector.required("id")), vector.required("rt")).orElseThrow();

            assertThat(status(value, feed, InstantSource.system()))
                    .isEqualTo(vector.required("status").asInt());
        });
    }

    @TestFactory
    Stream<DynamicTest> t17_aTicketIsAdmittedUntilItsDeadline() {
        return vectors.each("deadlines", vector -> {
            TicketValue value = value("1", vector.required("rt")).orElseThrow();
            Instant now = Instant.ofEpochMilli(vector.required("now").asLong());

            assertThat(status(value, null, InstantSource.fixed(now)))
                    .isEqualTo(vector.required("status").asInt());
        });
    }

    private static int status(TicketValue value, @Nullable Revocations feed, InstantSource clock) {
        TicketStore store = TicketStore.inMemory();
        Ticket ticket = Ticket.parse("AAECAwQFBgcICQoLDA0ODxAREhM").orElseThrow();
        assertThat(store.put(ticket, value, Duration.ofSeconds(10))).isCompletedWithValue(true);
        Gate gate =
                Gate.of(Tickets.builder(store).revocations(feed).clock(clock).build());
        return gate.admit(ticket).toCompletableFuture().join().fold(admitted -> 200, refused -> refused.reason()
                .status());
    }

    private static Optional<TicketValue> value(String id, JsonNode rt) {
        return TicketValueCodec.decode(
                ("{\"id\":" + id + ",\"username\":\"alice\",\"rt\":" + rt + "}").getBytes(UTF_8));
    }

    private static Object id(JsonNode id) {
        return id.has("string")
                ? id.get("string").asString()
                : new BigInteger(id.required("integer").asString());
    }

    private static String json(JsonNode id) {
        return id.has("string")
                ? id.get("string").toString()
                : id.required("integer").asString();
    }

    /** A feed that has told this. */
    private record Told(JsonNode told) implements Revocations {

        @Override
        public Listening listen(RevocationListener listener) {
            for (JsonNode pair : told) {
                String revision = pair.get(0).asString();
                if (pair.get(1).isNull()) {
                    listener.lost(revision);
                } else {
                    listener.revoked(Revocation.parse(pair.get(1).asString()).orElseThrow(), revision);
                }
            }
            return () -> {};
        }

        @Override
        public CompletionStage<Void> revoke(Revocation revocation) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException());
        }

        @Override
        public @Nullable String revision() {
            return null;
        }

        @Override
        public boolean isCurrent() {
            return true;
        }
    }
}
