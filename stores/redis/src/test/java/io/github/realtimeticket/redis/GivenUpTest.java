// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.ALICE;
import static io.github.realtimeticket.redis.Fixture.LONG;
import static io.github.realtimeticket.redis.Fixture.await;
import static io.github.realtimeticket.redis.Fixture.failureOf;
import static io.github.realtimeticket.redis.Fixture.patient;
import static io.github.realtimeticket.redis.Fixture.put;
import static io.github.realtimeticket.redis.Fixture.take;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.fixtures.Certificate;
import io.github.realtimeticket.fixtures.Log;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.logging.Level;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was given up before it was sent is not sent later. In a Cluster: {@link ClusterTest}. */
class GivenUpTest {

    static final Duration TIMEOUT = Duration.ofSeconds(3);

    @TempDir
    static Path directory;

    @AutoClose
    private static Redis redis;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = new Redis();
    }

    @Test
    void whatWaitedForTheGreetingIsNotSentBehindIt() throws IOException {
        try (Relay relay = new Relay(redis.port())) {
            assertNothingIsSentBehindTheGreeting(relay, relay.uri(), SslOptions.create());
        }
    }

    @Test
    void whatWaitedForTheGreetingIsNotSentBehindItWithTls() throws Exception {
        Certificate certificate = Certificate.in(directory.resolve("keys.p12"));
        ServerSocketFactory listeners = certificate.listeners();
        SslOptions trust = SslOptions.builder()
                .truststore(certificate.keystore().toFile(), Certificate.PASSWORD)
                .build();
        try (Relay relay = new Relay(redis.port(), listeners)) {
            RedisURI uri = RedisURI.builder(relay.uri()).withSsl(true).build();
            assertNothingIsSentBehindTheGreeting(relay, uri, trust);
        }
    }

    @Test
    void whereGetdelIsUnknownNoScriptFollowsAnAnswerThatCameTooLate() throws IOException {
        Ticket ticket = ticket();

        try (Log log = new Log(RedisTicketStore.class);
                Redis older = new Redis(WithoutGetdelTest.WITHOUT_GETDEL);
                Relay relay = new Relay(older.port());
                RedisTicketStore other = patient(older.uri());
                RedisTicketStore store =
                        RedisTicketStore.builder(relay.uri()).timeout(TIMEOUT).build()) {
            assertThat(put(other, ticket)).isTrue();
            await(store.ping());
            try (Relay.Held answers = relay.holdAnswersWith("unknown command")) {
                assertThat(failureOf(store.take(ticket))).hasMessage("Redis did not answer within 3000 ms");
                assertThat(answers.number()).isEqualTo(1);
                log.await(Level.WARNING);
            }

            // The late answer ends the outage.
            log.await(Level.INFO);
            for (int i = 0; i < 20; i++) {
                assertThat(put(other, ticket())).isTrue();
            }
            assertThat(relay.accepted()).as("with the connection still there").isEqualTo(1);
            assertThat(relay.requestsWith(ticket.sha256())).isEqualTo(1);
            assertThat(take(other, ticket)).contains(ALICE);
        }
    }

    private static void assertNothingIsSentBehindTheGreeting(Relay relay, RedisURI uri, SslOptions ssl) {
        Ticket issued = ticket();
        Ticket redeemed = ticket();
        Relay.Held answers = relay.holdAnswersWith("master_replid:");

        try (answers;
                RedisTicketStore store = RedisTicketStore.builder(uri)
                        .sslOptions(ssl)
                        .timeout(TIMEOUT)
                        .build()) {
            CompletionStage<?> putting = store.put(issued, ALICE, LONG);
            CompletionStage<?> taking = store.take(redeemed);
            assertThat(failureOf(putting)).hasMessage("Redis did not answer within 3000 ms");
            assertThat(failureOf(taking)).hasMessage("Redis did not answer within 3000 ms");
            answers.close();

            Fixture.await(Fixture.PATIENT, store::checksHistory);
            await(store.ping());
            assertThat(relay.accepted()).as("with the connection that was late").isEqualTo(1);
            assertThat(relay.requestsWith(issued.sha256())).isZero();
            assertThat(relay.requestsWith(redeemed.sha256())).isZero();
            assertThat(relay.requestsWith("replication"))
                    .as("questions for the history: two at the greeting, one behind PING")
                    .isEqualTo(3);
        }
    }
}
