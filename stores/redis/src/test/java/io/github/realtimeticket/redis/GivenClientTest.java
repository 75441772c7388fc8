// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.ALICE;
import static io.github.realtimeticket.redis.Fixture.PATIENT;
import static io.github.realtimeticket.redis.Fixture.failureOf;
import static io.github.realtimeticket.redis.Fixture.patient;
import static io.github.realtimeticket.redis.Fixture.put;
import static io.github.realtimeticket.redis.Fixture.take;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Ticket;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store closes what it opened, and nothing else. */
class GivenClientTest {

    private static TestRedis redis;
    private RedisClient client;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stopRedis() throws IOException {
        redis.close();
    }

    @BeforeEach
    void openClient() {
        client = RedisClient.create(redis.uri());
        client.setOptions(AtMostOnce.options(PATIENT));
    }

    @AfterEach
    void closeClient() {
        client.shutdown();
    }

    @Test
    void aGivenClientStaysOpenAndTheStoresConnectionDoesNot() {
        Ticket ticket = ticket();

        try (StatefulRedisConnection<String, String> application = client.connect()) {
            long before = connections();
            try (RedisTicketStore store = RedisTicketStore.builder(client, redis.uri())
                    .timeout(PATIENT)
                    .build()) {
                assertThat(put(store, ticket)).isTrue();
                assertThat(take(store, ticket)).contains(ALICE);
                assertThat(connections()).isEqualTo(before + 1);
            }

            awaitConnections(before);
            assertThat(application.sync().ping()).isEqualTo("PONG");
        }
    }

    @Test
    void aGivenConnectionIsUsedAndStaysOpen() {
        Ticket ticket = ticket();

        try (StatefulRedisConnection<byte[], byte[]> application = client.connect(ByteArrayCodec.INSTANCE)) {
            long before = connections();
            try (RedisTicketStore store =
                    RedisTicketStore.builder(application).timeout(PATIENT).build()) {
                assertThat(put(store, ticket)).isTrue();
                assertThat(take(store, ticket)).contains(ALICE);
                assertThat(connections()).isEqualTo(before);
            }

            assertThat(application.isOpen()).isTrue();
            assertThat(application.sync().ping()).isEqualTo("PONG");
        }
    }

    @Test
    void aGivenConnectionReconnectsByItself() throws IOException {
        try (Relay relay = new Relay(redis.port());
                StatefulRedisConnection<byte[], byte[]> application =
                        client.connect(ByteArrayCodec.INSTANCE, relay.uri());
                RedisTicketStore store = RedisTicketStore.builder(application).build()) {
            Fixture.awaitRecovery(store);

            relay.swallowAnswers();
            assertThat(failureOf(store.take(ticket()))).isNotNull();
            relay.cut();

            Fixture.awaitRecovery(store);
            assertThat(application.isOpen()).isTrue();
        }
    }

    @Test
    void aConnectThatHangsIsNotWaitedForAsLongAsTheGivenClientWould() throws IOException {
        try (Relay relay = new Relay(redis.port())) {
            relay.swallowEverything();
            try (RedisTicketStore store = RedisTicketStore.builder(client, relay.uri())
                    .timeout(Duration.ofSeconds(5))
                    .build()) {
                assertThat(failureOf(store.take(ticket()))).hasMessage("Redis did not answer within 5000 ms");
                relay.freezeConnections();
                relay.heal();

                assertThat(put(store, ticket())).isTrue();
                assertThat(relay.accepted()).isEqualTo(2);
            }
        }
    }

    @Test
    void aConnectThatTakesLongerThanTheTimeoutIsNotWasted() throws IOException {
        try (Relay relay = new Relay(redis.port());
                ServerSocket neverAnswers = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            relay.delayAnswers(Duration.ofSeconds(6));
            try (RedisTicketStore store = RedisTicketStore.builder(client, relay.uri())
                    .timeout(Duration.ofSeconds(2))
                    .build()) {
                assertThat(failureOf(store.take(ticket()))).hasMessage("Redis did not answer within 2000 ms");
                relay.leadTo(neverAnswers.getLocalPort());
                relay.heal();

                Fixture.awaitRecovery(store);
            }
        }
    }

    @Test
    void aClientOfTheStoresOwnIsGoneAfterClosing() {
        Set<Thread> before = lettuceThreads();
        long connections = connections();

        try (RedisTicketStore store = patient(redis.uri())) {
            assertThat(put(store, ticket())).isTrue();
            assertThat(lettuceThreads()).hasSizeGreaterThan(before.size());
        }

        awaitConnections(connections);
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!before.containsAll(lettuceThreads()) && System.nanoTime() < end) {
            Fixture.pause();
        }
        assertThat(before).containsAll(lettuceThreads());
    }

    @Test
    void aConnectionThatWouldSendTwiceIsRefused() {
        RedisClient careless = RedisClient.create(redis.uri());

        try (StatefulRedisConnection<byte[], byte[]> connection = careless.connect(ByteArrayCodec.INSTANCE)) {
            assertThatThrownBy(() -> RedisTicketStore.builder(connection).build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("AtMostOnce");
        } finally {
            careless.shutdown();
        }
    }

    @Test
    void aGivenClientHasItsOwnTlsOptions() {
        assertThatThrownBy(() -> RedisTicketStore.builder(client, redis.uri())
                        .sslOptions(SslOptions.create())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("sslOptions");
    }

    @Test
    void aTimeoutOfNothingIsAProgrammersMistake() {
        assertThatThrownBy(() -> RedisTicketStore.builder(redis.uri()).timeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("timeout");
    }

    private static long connections() {
        return redis.cli().clientList().lines().count();
    }

    private static void awaitConnections(long number) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (connections() != number && System.nanoTime() < end) {
            Fixture.pause();
        }
        assertThat(connections()).isEqualTo(number);
    }

    private static Set<Thread> lettuceThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith("lettuce"))
                .collect(Collectors.toSet());
    }
}
