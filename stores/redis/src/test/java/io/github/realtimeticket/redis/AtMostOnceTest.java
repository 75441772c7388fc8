// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.ALICE;
import static io.github.realtimeticket.redis.Fixture.await;
import static io.github.realtimeticket.redis.Fixture.failureOf;
import static io.github.realtimeticket.redis.Fixture.patient;
import static io.github.realtimeticket.redis.Fixture.put;
import static io.github.realtimeticket.redis.Fixture.take;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A relay swallows the answer of a command: the command ran, and nobody knows (T5). */
class AtMostOnceTest {

    private Redis redis;
    private Relay relay;
    private RedisTicketStore store;

    @BeforeEach
    void connectThroughTheRelay() throws IOException {
        redis = new Redis();
        relay = new Relay(redis.port());
        store = patient(relay.uri());
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        relay.close();
        redis.close();
    }

    @Test
    void t5_aSwallowedAnswerIsAFailureInTimeAndTheCommandRanOnce() {
        Ticket lost = ticket();
        Ticket next = ticket();
        assertThat(put(store, lost)).isTrue();
        assertThat(put(store, next)).isTrue();
        redis.cli().configResetstat();

        try (RedisTicketStore impatient = RedisTicketStore.builder(relay.uri())
                .timeout(Duration.ofSeconds(5))
                .build()) {
            await(impatient.ping());
            relay.swallowAnswers();
            long start = System.nanoTime();
            TicketStoreException failure = failureOf(impatient.take(lost));
            Duration taken = Duration.ofNanos(System.nanoTime() - start);

            assertThat(take(impatient, next)).contains(ALICE);
            assertThat(take(impatient, lost)).isEmpty();
            assertThat(taken).isBetween(Duration.ofMillis(4900), Duration.ofSeconds(15));
            assertThat(failure).hasMessage("Redis did not answer within 5000 ms");
        }
        assertThat(redis.calls("getdel")).isEqualTo(3);
        assertThat(relay.requestsWith(lost.sha256())).isEqualTo(1 + 1 + 1);
    }

    @Test
    void t5_aLostConnectionIsAFailureAndNothingIsSentAgain() {
        Ticket lost = ticket();
        Ticket next = ticket();
        assertThat(put(store, lost)).isTrue();
        assertThat(put(store, next)).isTrue();
        redis.cli().configResetstat();
        relay.swallowAnswers();

        CompletionStage<Optional<TicketValue>> taking = store.take(lost);
        awaitCalls("getdel", 1);
        relay.cut();

        TicketStoreException failure = failureOf(taking);
        assertThat(failure).hasMessageNotContaining("did not answer within");
        assertThat(take(store, next)).contains(ALICE);
        assertThat(redis.calls("getdel")).isEqualTo(2);
        assertThat(relay.requestsWith(lost.sha256())).isEqualTo(1 + 1);
        assertThat(relay.accepted())
                .as("the first connection and the store's next one, none of Lettuce's own")
                .isEqualTo(2);
    }

    @Test
    void t3_aSwallowedAnswerToPuttingIsAFailureAndNothingIsSentAgain() {
        Ticket lost = ticket();
        assertThat(put(store, ticket())).isTrue();
        redis.cli().configResetstat();
        relay.swallowAnswers();

        CompletionStage<Boolean> putting = store.put(lost, ALICE, Fixture.LONG);
        awaitCalls("set", 1);
        relay.cut();

        assertThat(failureOf(putting)).hasMessageNotContaining(lost.reveal());
        assertThat(put(store, ticket())).isTrue();
        assertThat(redis.calls("set")).isEqualTo(2);
    }

    @Test
    void t5_anOlderLettuceIsRefusedForACluster() {
        assertThatThrownBy(() -> RedisAccess.requireForCluster("6.6.0.RELEASE/643b00a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Lettuce 6.7 or later")
                .hasMessageContaining("6.6.0");
        assertThatThrownBy(() -> RedisAccess.requireForCluster("5.3")).isInstanceOf(IllegalStateException.class);
        assertThatNoException()
                .isThrownBy(() -> Stream.of("6.7.0.RELEASE", "6.10.1.RELEASE", "7.0.0.RELEASE", "@version@", "")
                        .forEach(RedisAccess::requireForCluster));
    }

    private void awaitCalls(String command, long calls) {
        long end = System.nanoTime() + Duration.ofSeconds(9).toNanos();
        while (redis.calls(command) < calls && System.nanoTime() < end) {
            Fixture.pause();
        }
        assertThat(redis.calls(command)).isEqualTo(calls);
    }
}
