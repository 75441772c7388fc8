// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.ALICE;
import static io.github.realtimeticket.redis.Fixture.PATIENT;
import static io.github.realtimeticket.redis.Fixture.failureOf;
import static io.github.realtimeticket.redis.Fixture.put;
import static io.github.realtimeticket.redis.Fixture.take;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.fixtures.Certificate;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS as the address asks for it. The relay ends it, because not every platform's test Redis is built with it. */
class TlsTest {

    @TempDir
    static Path directory;

    private static Certificate certificate;
    private static Redis redis;
    private static Relay relay;

    @BeforeAll
    static void startRedisBehindTls() throws Exception {
        certificate = Certificate.in(directory.resolve("keys.p12"));
        redis = new Redis();
        relay = new Relay(redis.port(), certificate.listeners());
    }

    @AfterAll
    static void stop() throws IOException {
        relay.close();
        redis.close();
    }

    @Test
    void aTrustedServerIsUsed() {
        Ticket ticket = ticket();

        try (RedisTicketStore store = RedisTicketStore.builder(uri())
                .sslOptions(SslOptions.builder()
                        .truststore(certificate.keystore().toFile(), Certificate.PASSWORD)
                        .build())
                .timeout(PATIENT)
                .build()) {
            assertThat(put(store, ticket)).isTrue();
            assertThat(take(store, ticket)).contains(ALICE);
        }
    }

    @Test
    void aTrustedClusterIsUsed() throws Exception {
        Ticket ticket = ticket();

        try (Relay way = new Relay(0, certificate.listeners());
                Redis node = new Redis("cluster-enabled yes", "cluster-announce-port " + way.port())) {
            way.leadTo(node.port());
            node.cli().clusterAddSlots(IntStream.range(0, 16_384).toArray());
            Fixture.await(PATIENT, () -> node.cli().clusterInfo().contains("cluster_state:ok"));
            try (RedisTicketStore store = RedisTicketStore.clusterBuilder(
                            List.of(RedisURI.builder(way.uri()).withSsl(true).build()))
                    .sslOptions(SslOptions.builder()
                            .truststore(certificate.keystore().toFile(), Certificate.PASSWORD)
                            .build())
                    .timeout(PATIENT)
                    .build()) {
                assertThat(put(store, ticket)).isTrue();
                assertThat(take(store, ticket)).contains(ALICE);
                assertThat(store.checksHistory()).isTrue();
            }
        }
    }

    @Test
    void aServerThatNobodyVouchesForIsRefused() {
        try (RedisTicketStore store =
                RedisTicketStore.builder(uri()).timeout(PATIENT).build()) {
            assertThat(failureOf(store.take(ticket()))).hasStackTraceContaining("SSLHandshakeException");
        }
    }

    private static RedisURI uri() {
        return RedisURI.builder(relay.uri()).withSsl(true).build();
    }
}
