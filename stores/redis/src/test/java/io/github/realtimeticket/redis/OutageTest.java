// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.ALICE;
import static io.github.realtimeticket.redis.Fixture.LONG;
import static io.github.realtimeticket.redis.Fixture.await;
import static io.github.realtimeticket.redis.Fixture.awaitRecovery;
import static io.github.realtimeticket.redis.Fixture.failureOf;
import static io.github.realtimeticket.redis.Fixture.put;
import static io.github.realtimeticket.redis.Fixture.take;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis refused, black-holed, slow, or gone and back. */
class OutageTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    // Far below the ten seconds and the minute that Lettuce waits by itself, far above what a busy machine adds.
    private static final Duration IN_TIME = Duration.ofSeconds(6);

    @AutoClose
    private static Redis redis;

    private Relay relay;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = new Redis();
    }

    @BeforeEach
    void startRelay() throws IOException {
        relay = new Relay(redis.port());
    }

    @AfterEach
    void stopRelay() throws IOException {
        relay.close();
    }

    @Test
    void aStoreIsMadeWhileRedisRefusesAndWorksWhenItIsThere() throws IOException {
        int port = FreePorts.one();

        try (RedisTicketStore store = RedisTicketStore.connect(RedisURI.create("127.0.0.1", port))) {
            assertFailsInTime(store);

            try (Redis late = Redis.at(port)) {
                awaitRecovery(store);

                assertThat(late.cli().dbsize()).isPositive();
            }
        }
    }

    @Test
    void aRedisThatRestartsIsFoundAgain() throws IOException {
        int port = FreePorts.one();
        RedisTicketStore store;

        try (Redis before = Redis.at(port)) {
            store = RedisTicketStore.connect(before.uri());
            awaitRecovery(store);
        }
        assertFailsInTime(store);

        try (store;
                Redis after = Redis.at(port)) {
            awaitRecovery(store);
            assertThat(after.cli().dbsize()).isPositive();
        }
    }

    @Test
    void aRedisThatAcceptsAndNeverAnswersIsAFailureInTime() {
        relay.swallowEverything();

        try (RedisTicketStore store = RedisTicketStore.connect(relay.uri())) {
            assertFailsInTime(store);

            relay.heal();
            awaitRecovery(store);
        }
    }

    @Test
    void aRedisThatFallsSilentIsAFailureInTime() {
        try (RedisTicketStore store = RedisTicketStore.connect(relay.uri())) {
            awaitRecovery(store);
            relay.swallowEverything();

            assertThat(failureOf(store.take(ticket()))).hasMessage("Redis did not answer within 1000 ms");
            assertFailsInTime(store);

            relay.heal();
            awaitRecovery(store);
        }
    }

    @Test
    void aSilentConnectionIsReplacedThoughNobodyEndsIt() {
        Ticket ticket = ticket();

        try (RedisTicketStore store = RedisTicketStore.builder(relay.uri())
                .timeout(Duration.ofSeconds(5))
                .build()) {
            assertThat(put(store, ticket)).isTrue();
            relay.freezeConnections();

            assertThat(failureOf(store.take(ticket()))).hasMessage("Redis did not answer within 5000 ms");

            assertThat(take(store, ticket)).contains(ALICE);
            assertThat(relay.accepted()).isEqualTo(2);
        }
    }

    @Test
    void aConnectionThatIsLostAfterALongTimeIsOpenedByTheNextOperation() throws InterruptedException {
        try (RedisTicketStore store =
                RedisTicketStore.builder(relay.uri()).timeout(TIMEOUT).build()) {
            await(store.ping());
            // More than opening may take.
            Thread.sleep(TIMEOUT.multipliedBy(4).plusMillis(200).toMillis());
            relay.cut();
            // Until the store has seen it.
            Thread.sleep(1_000);

            assertThat(put(store, ticket())).isTrue();
        }
    }

    @Test
    void aMasterThatBecameAReplicaIsLeft() throws IOException {
        Ticket ticket = ticket();

        try (Redis former = new Redis();
                Relay name = new Relay(former.port());
                RedisTicketStore store = Fixture.patient(name.uri())) {
            assertThat(put(store, ticket())).isTrue();
            former.cli().replicaof("127.0.0.1", redis.port());
            name.leadTo(redis.port());

            assertThat(failureOf(store.put(ticket, ALICE, LONG))).hasMessageContaining("READONLY");

            assertThat(put(store, ticket)).isTrue();
            assertThat(take(store, ticket)).contains(ALICE);
        }
    }

    @Test
    void aSlowRedisIsAFailureInTime() {
        try (RedisTicketStore store = RedisTicketStore.connect(relay.uri())) {
            awaitRecovery(store);
            relay.delayAnswers(Duration.ofSeconds(30));

            assertFailsInTime(store);

            relay.heal();
            awaitRecovery(store);
        }
    }

    @Test
    void aRedisThatIsSlowToGreetIsAFailureInTime() {
        relay.delayAnswers(Duration.ofSeconds(30));

        try (RedisTicketStore store = RedisTicketStore.connect(relay.uri())) {
            assertFailsInTime(store);

            relay.heal();
            awaitRecovery(store);
        }
    }

    @Test
    void noCallBlocksAndOneConnectionIsTriedForAll() {
        relay.swallowEverything();

        try (RedisTicketStore store = RedisTicketStore.builder(relay.uri())
                .timeout(Duration.ofSeconds(5))
                .build()) {
            List<CompletionStage<Optional<TicketValue>>> taking =
                    Stream.generate(() -> store.take(ticket())).limit(100).toList();

            assertThat(taking).noneMatch(stage -> stage.toCompletableFuture().isDone());
            assertThat(taking).allSatisfy(stage -> assertThat(failureOf(stage)).isNotNull());
            assertThat(relay.accepted()).isEqualTo(1);
        }
    }

    @Test
    void aRedisThatHangsUpIsNotAskedByEveryOperation() throws IOException {
        relay.leadTo(FreePorts.one());
        long start = System.nanoTime();

        try (RedisTicketStore store = RedisTicketStore.connect(relay.uri())) {
            for (int i = 0; i < 50; i++) {
                assertThat(failureOf(store.take(ticket()))).isNotNull();
            }
        }

        long pauses = Duration.ofNanos(System.nanoTime() - start).toMillis() / 20;
        assertThat(relay.accepted())
                .as("each attempt is made twice, because it ends without a word")
                .isBetween(2, 2 * ((int) pauses + 1));
    }

    @Test
    void whatWaitsForAnAnswerIsBounded() {
        try (RedisTicketStore store = RedisTicketStore.builder(relay.uri())
                .timeout(Duration.ofSeconds(15))
                .build()) {
            await(store.ping());
            relay.swallowEverything();

            List<CompletionStage<Optional<TicketValue>>> taking =
                    Stream.generate(() -> store.take(ticket())).limit(10_001).toList();

            assertThat(failureOf(taking.get(10_000)))
                    .hasMessage("Redis is too slow: 10000 operations are waiting for it");
            assertThat(taking.get(0).toCompletableFuture()).isNotDone();
        }
    }

    @Test
    void aClosedStoreFails() {
        RedisTicketStore store = RedisTicketStore.connect(relay.uri());
        awaitRecovery(store);

        store.close();
        store.close();

        assertThat(failureOf(store.take(ticket()))).hasMessage("The store is closed");
        assertThat(failureOf(store.ping())).hasMessage("The store is closed");
    }

    private static void assertFailsInTime(RedisTicketStore store) {
        for (int i = 0; i < 2; i++) {
            long start = System.nanoTime();
            Ticket ticket = ticket();
            CompletionStage<Boolean> putting = store.put(ticket, ALICE, LONG);
            CompletionStage<Optional<TicketValue>> taking = store.take(ticket);
            CompletionStage<Void> asking = store.ping();

            assertThat(failureOf(putting)).hasMessageNotContaining(ticket.reveal());
            assertThat(failureOf(taking)).hasMessageNotContaining(ticket.reveal());
            assertThat(failureOf(asking)).isNotNull();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.plus(IN_TIME));
        }
    }
}
