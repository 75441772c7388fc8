// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.await;
import static io.github.realtimeticket.redis.Fixture.awaitRecovery;
import static io.github.realtimeticket.redis.Fixture.failureOf;
import static io.github.realtimeticket.redis.Fixture.patient;
import static io.github.realtimeticket.redis.Fixture.put;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Log;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the log says of a Redis that cannot be used: once, where it is and why, and once that it works again. */
class OutageLogTest {

    private Log log;

    @BeforeEach
    void listen() {
        log = new Log(RedisTicketStore.class);
    }

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void aRedisThatIsNotThereAtTheStartIsSaidOnceAndThatItIsBack() throws IOException {
        int port = FreePorts.one();

        try (RedisTicketStore store = RedisTicketStore.connect(RedisURI.create("127.0.0.1", port))) {
            log.await(Level.WARNING);
            for (int i = 0; i < 20; i++) {
                assertThat(failureOf(store.take(ticket()))).isNotNull();
            }

            try (Redis late = Redis.at(port)) {
                awaitRecovery(store);
                assertThat(put(store, ticket())).isTrue();
                assertThat(late.cli().dbsize()).isPositive();
            }
        }

        assertThat(log.said(Level.WARNING))
                .singleElement()
                .asString()
                .contains("(127.0.0.1:" + port + ")", "Connection refused");
        assertThat(log.said(Level.INFO)).containsExactly("Redis (127.0.0.1:" + port + ") works again");
        assertThat(log.stackTraces()).isEmpty();
    }

    @Test
    void aRedisThatRefusesAtTheStartIsSaidInItsOwnWordsAndWithoutThePassword() throws IOException {
        try (Redis redis = new Redis()) {
            redis.cli().configSet("requirepass", "right");
            RedisURI wrong = RedisURI.builder(redis.uri())
                    .withPassword("wr0ng-secret".toCharArray())
                    .build();
            try (RedisTicketStore store = patient(wrong)) {
                log.await(Level.WARNING);
                assertThat(failureOf(store.ping())).isNotNull();
            }
        }

        assertThat(log.said(Level.WARNING))
                .singleElement()
                .asString()
                .contains("WRONGPASS invalid username-password pair")
                .doesNotContain("wr0ng-secret");
        assertThat(log.stackTraces()).isEmpty();
    }

    @Test
    void aRefusalThatIsLostWithItsConnectionIsAskedForAgain() throws IOException {
        var lost = new AtomicBoolean();

        try (Redis redis = new Redis();
                Relay relay = new Relay(redis.port())) {
            redis.cli().configSet("requirepass", "right");
            relay.changeAnswers(answer -> {
                if (!lost.getAndSet(true)) {
                    relay.cut();
                }
                return answer;
            });
            RedisURI wrong = RedisURI.builder(relay.uri())
                    .withPassword("wrong".toCharArray())
                    .build();
            try (RedisTicketStore store = patient(wrong)) {
                log.await(Level.WARNING);
                assertThat(failureOf(store.ping())).isNotNull();
            }
        }

        assertThat(lost).isTrue();
        assertThat(log.said(Level.WARNING))
                .singleElement()
                .asString()
                .contains("WRONGPASS invalid username-password pair");
    }

    @Test
    void aRedisThatFallsSilentIsSaidOnce() throws IOException {
        try (Redis redis = new Redis();
                Relay relay = new Relay(redis.port());
                RedisTicketStore store = RedisTicketStore.builder(relay.uri())
                        .timeout(Duration.ofSeconds(3))
                        .build()) {
            awaitRecovery(store);
            relay.swallowEverything();
            List<CompletionStage<?>> taking = List.of(store.take(ticket()), store.take(ticket()), store.ping());
            assertThat(taking).allSatisfy(stage -> assertThat(failureOf(stage)).isNotNull());
            relay.heal();
            awaitRecovery(store);
        }

        assertThat(log.said(Level.WARNING)).singleElement().asString().contains("Redis did not answer within 3000 ms");
        assertThat(log.said(Level.INFO)).hasSize(1);
    }

    @Test
    void aRedisThatIsSilentFromTheStartIsSaidWhenThatLasts() throws IOException {
        try (Redis redis = new Redis();
                Relay relay = new Relay(redis.port())) {
            relay.swallowEverything();
            try (RedisTicketStore store = RedisTicketStore.connect(relay.uri())) {
                Revocations unused = store.revocations();
                await(Duration.ofSeconds(30), () -> log.said(Level.WARNING).size() > 1);
                relay.heal();
                awaitRecovery(store);
                await(Duration.ofSeconds(30), () -> log.said(Level.INFO).size() > 1);
            }
        }

        assertThat(log.said(Level.WARNING))
                .anyMatch(line -> line.startsWith("Nobody here is told what is revoked"))
                .anyMatch(line -> line.startsWith("Tickets can be neither kept nor redeemed"));
    }

    @Test
    void aStoreThatIsClosedSaysNothing() throws IOException {
        try (Redis redis = new Redis()) {
            RedisTicketStore.connect(redis.uri()).close();
            RedisTicketStore store = patient(redis.uri());
            assertThat(put(store, ticket())).isTrue();
            store.close();
            assertThat(failureOf(store.ping())).isNotNull();
        }

        assertThat(log.said(Level.WARNING)).isEmpty();
        assertThat(log.said(Level.INFO)).isEmpty();
    }
}
