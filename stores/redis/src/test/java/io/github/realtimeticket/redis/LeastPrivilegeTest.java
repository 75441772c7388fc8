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

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.fixtures.Redis;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An issuer's account cannot redeem, a redeemer's cannot issue, and neither can do anything else. */
class LeastPrivilegeTest {

    private static final String BOTH = "on >secret resetchannels -@all +info +ping +hello +client|setname ~ticket:* ";

    @AutoClose
    private static Redis redis;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = new Redis();
        redis.account("issuer", BOTH + "+set");
        redis.account("redeemer", BOTH + "+getdel");
    }

    @Test
    void theIssuerIssuesAndTheRedeemerRedeems() {
        Ticket ticket = ticket();

        try (RedisTicketStore issuer = storeOf("issuer");
                RedisTicketStore redeemer = storeOf("redeemer")) {
            await(issuer.ping());
            await(redeemer.ping());
            assertThat(put(issuer, ticket)).isTrue();

            assertThat(take(redeemer, ticket)).contains(ALICE);
            assertThat(issuer.checksHistory()).isTrue();
            assertThat(redeemer.checksHistory()).isTrue();
        }
    }

    @Test
    void neitherDoesTheOthersWork() {
        Ticket ticket = ticket();

        try (RedisTicketStore issuer = storeOf("issuer");
                RedisTicketStore redeemer = storeOf("redeemer")) {
            assertThat(failureOf(issuer.take(ticket))).hasMessageMatching(".* NOPERM .*'getdel' command");
            assertThat(failureOf(redeemer.put(ticket, ALICE, LONG))).hasMessageMatching(".* NOPERM .*'set' command");
        }
    }

    @Test
    void theScriptNeedsItsOwnCommands() throws IOException {
        Ticket ticket = ticket();

        try (Redis older = new Redis(WithoutGetdelTest.WITHOUT_GETDEL)) {
            older.account("redeemer", BOTH + "+eval +get +del");
            older.cli().set("ticket:" + ticket.sha256(), Fixture.ALICE_AS_JSON);
            RedisURI uri = RedisURI.builder(older.uri())
                    .withAuthentication("redeemer", "secret")
                    .build();

            try (RedisTicketStore redeemer = patient(uri)) {
                assertThat(take(redeemer, ticket)).contains(ALICE);
                assertThat(take(redeemer, ticket)).isEmpty();
            }
        }
    }

    @Test
    void whoeverRevokesAddsAndWhoeverListensReads() {
        String stream = " ~" + RedisTicketStore.DEFAULT_REVOCATIONS + " +xread +xrevrange ";
        redis.account("revoker", BOTH + "+set +xadd" + stream);
        redis.account("listener", BOTH + "+getdel" + stream);

        try (RedisTicketStore revoker = storeOf("revoker");
                RedisTicketStore listener = storeOf("listener")) {
            Gate gate = RedisRevocationsTest.gate(listener);
            Ticket ticket = RedisRevocationsTest.issue(revoker, "session");
            Ticket other = RedisRevocationsTest.issue(revoker, "another session");

            RedisRevocationsTest.revoke(revoker, Revocation.session("session"));

            assertThat(RedisRevocationsTest.refusal(gate, ticket)).contains(Refusal.REVOKED);
            assertThat(RedisRevocationsTest.refusal(gate, other)).isEmpty();
            assertThat(failureOf(listener.revocations().revoke(Revocation.holder(1))))
                    .hasMessageMatching(".* NOPERM .*'xadd' command");
        }
    }

    @Test
    void otherKeysAreOutOfReach() {
        try (RedisTicketStore redeemer = RedisTicketStore.builder(uriOf("redeemer"))
                .timeout(PATIENT)
                .keys(TicketKeys.plain("session:"))
                .build()) {
            assertThat(failureOf(redeemer.take(ticket()))).hasMessageContaining("NOPERM");
        }
    }

    private static RedisTicketStore storeOf(String account) {
        return patient(uriOf(account));
    }

    private static RedisURI uriOf(String account) {
        return RedisURI.builder(redis.uri())
                .withAuthentication(account, "secret")
                .build();
    }
}
