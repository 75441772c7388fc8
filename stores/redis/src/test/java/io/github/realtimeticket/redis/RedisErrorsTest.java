// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.ALICE;
import static io.github.realtimeticket.redis.Fixture.LONG;
import static io.github.realtimeticket.redis.Fixture.PATIENT;
import static io.github.realtimeticket.redis.Fixture.await;
import static io.github.realtimeticket.redis.Fixture.failureOf;
import static io.github.realtimeticket.redis.Fixture.patient;
import static io.github.realtimeticket.redis.Fixture.put;
import static io.github.realtimeticket.redis.Fixture.take;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.fixtures.Redis;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What Redis refuses becomes a failure that tells the operator why and nobody whose ticket it was (T13). */
class RedisErrorsTest {

    @Test
    void t13_anErrorThatQuotesTheCommandIsCutShort() throws IOException {
        Ticket ticket = ticket();

        try (Redis redis = new Redis("rename-command SET \"\"");
                RedisTicketStore store = RedisTicketStore.builder(redis.uri())
                        .timeout(PATIENT)
                        .keys(TicketKeys.plain(""))
                        .build()) {
            TicketStoreException failure = failureOf(store.put(ticket, ALICE, LONG));

            // Redis 7.0 and later quote otherwise than 6.2.
            assertThat(failure).message().matches("Redis answered with an error: ERR unknown command [`']SET[`']");
            assertThat(everythingIn(failure)).doesNotContain(ticket.reveal(), "alice");
        }
    }

    @Test
    void t13_aWrongPasswordIsNamedAndNotShown() throws IOException {
        try (Redis redis = new Redis()) {
            redis.cli().configSet("requirepass", "right");
            redis.cli().auth("right");
            RedisURI wrong = RedisURI.builder(redis.uri())
                    .withPassword("wr0ng-secret".toCharArray())
                    .build();
            try (RedisTicketStore store = patient(wrong)) {
                TicketStoreException failure = failureOf(store.ping());

                assertThat(failure).hasMessageStartingWith("Redis answered with an error: WRONGPASS invalid");
                assertThat(everythingIn(failure)).doesNotContain("wr0ng-secret");
            }
        }
    }

    @Test
    void aMissingPasswordIsNamed() throws IOException {
        try (Redis redis = new Redis()) {
            redis.cli().configSet("requirepass", "right");
            try (RedisTicketStore store = patient(redis.uri())) {
                assertThat(failureOf(store.ping())).hasMessageStartingWith("Redis answered with an error: NOAUTH");
            }
        }
    }

    @Test
    void aDatabaseThatIsNotThereIsNamed() throws IOException {
        try (Redis redis = new Redis();
                RedisTicketStore store = patient(RedisURI.create("redis://127.0.0.1:" + redis.port() + "/99"))) {
            assertThat(failureOf(store.ping()))
                    .hasMessage("Redis answered with an error: ERR DB index is out of range");
        }
    }

    @Test
    void aRightThatIsMissingToConnectIsNamed() throws IOException {
        try (Redis redis = new Redis()) {
            redis.account("tickets", "on >secret -@all +hello +ping");
            RedisURI uri = RedisURI.builder(redis.uri())
                    .withAuthentication("tickets", "secret")
                    .withDatabase(1)
                    .build();
            try (RedisTicketStore store = patient(uri)) {
                assertThat(failureOf(store.ping()))
                        .hasMessageMatching("Redis answered with an error: NOPERM .* 'select' command");
            }
        }
    }

    @Test
    void t13_ofAnErrorTheServersOwnWordsAreKept() {
        assertKept("NOPERM User a has no permissions to run the 'getdel' command", "");
        assertKept("NOPERM this user has no permissions to run the 'client|setname' command", " or its subcommand");
        assertKept("NOPERM User a has no permissions to access the", " 'abc' key");
        assertKept("ERR unknown command 'GETDEL'", ", with args beginning with: 'abc'");
        assertKept("ERR no such thing as", " \"alice\" or 'set'");
        assertKept("ERR no such thing as", " 'settings'");
        assertKept("ERR no such key", " ticket:0123456789abcdefABCDEF_- here");
        assertKept("ERR no such key", " 0123456789abcdefABCDEF here");
        assertKept("ERR first line", "\n0123456789");
        assertKept("READONLY You can't write against a read only replica.", "");
        assertKept("OOM command not allowed when used memory > 'maxmemory'", ".");
    }

    private static void assertKept(String kept, String cut) {
        assertThat(RedisFaults.harmless(kept + cut)).isEqualTo(kept);
    }

    @Test
    void aPasswordAndADatabaseAreTakenFromTheAddress() throws IOException {
        Ticket ticket = ticket();

        try (Redis redis = new Redis()) {
            redis.cli().configSet("requirepass", "right");
            redis.cli().auth("right");
            RedisURI uri = RedisURI.create("redis://:right@127.0.0.1:" + redis.port() + "/3");
            try (RedisTicketStore store = patient(uri)) {
                assertThat(put(store, ticket)).isTrue();

                assertThat(redis.cli().dbsize()).isZero();
                redis.cli().select(3);
                assertThat(redis.cli().dbsize()).isEqualTo(1);
                assertThat(take(store, ticket)).contains(ALICE);
            }
        }
    }

    @Test
    void aFullRedisFailsToKeepAndStillGivesOut() throws IOException {
        Ticket ticket = ticket();

        try (Redis redis = new Redis("maxmemory-policy noeviction");
                RedisTicketStore store = patient(redis.uri())) {
            assertThat(put(store, ticket)).isTrue();
            redis.cli().configSet("maxmemory", "1");

            assertThat(failureOf(store.put(ticket(), ALICE, LONG))).hasMessageContaining("OOM");
            assertThat(take(store, ticket)).contains(ALICE);
            await(store.ping());
        }
    }

    private static String everythingIn(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
