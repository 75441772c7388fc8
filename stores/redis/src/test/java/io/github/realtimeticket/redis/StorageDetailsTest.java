// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.ALICE;
import static io.github.realtimeticket.redis.Fixture.PATIENT;
import static io.github.realtimeticket.redis.Fixture.await;
import static io.github.realtimeticket.redis.Fixture.patient;
import static io.github.realtimeticket.redis.Fixture.put;
import static io.github.realtimeticket.redis.Fixture.take;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.fixtures.Log;
import io.github.realtimeticket.fixtures.Redis;
import io.lettuce.core.SetArgs;
import java.io.IOException;
import java.time.Duration;
import java.util.logging.Level;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is really in the server, as an operator sees it with redis-cli. */
class StorageDetailsTest {

    @AutoClose
    private static Redis redis;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = new Redis();
    }

    @BeforeEach
    void empty() {
        redis.cli().flushall();
    }

    @Test
    void t7_theKeyIsThePrefixAndTheHashOfTheTicket() {
        Ticket ticket = Ticket.parse("abcdefghijklmnopqrstuvwxyz").orElseThrow();

        try (RedisTicketStore store = patient(redis.uri())) {
            assertThat(put(store, ticket)).isTrue();
        }

        assertThat(redis.cli().keys("*"))
                .containsExactly("ticket:71c480df93d6ae2f1efad1447c66c9525e316218cf51fc8d9ed832f2daf18b73");
    }

    @Test
    void t8_theValueIsAStringOfJsonThatExpires() {
        Ticket ticket = ticket();
        String key = "ticket:" + ticket.sha256();

        try (RedisTicketStore store = patient(redis.uri())) {
            assertThat(put(store, ticket)).isTrue();
        }

        assertThat(redis.cli().type(key)).isEqualTo("string");
        assertThat(redis.cli().get(key)).isEqualTo(Fixture.aliceAsJsonIn(redis.history()));
        assertThat(redis.cli().pttl(key)).isBetween(30_000L, 60_000L);
    }

    @Test
    void t7_aPlainKeyIsTheTicketItself() {
        Ticket ticket = ticket();

        try (RedisTicketStore store = storeWith(TicketKeys.plain(""))) {
            assertThat(put(store, ticket)).isTrue();
        }

        assertThat(redis.cli().keys("*")).containsExactly(ticket.reveal());
        assertThat(redis.cli().get(ticket.reveal())).isEqualTo(Fixture.aliceAsJsonIn(redis.history()));
    }

    @Test
    void t7_thePrefixIsTheApplicationsChoice() {
        Ticket ticket = ticket();

        try (RedisTicketStore hashed = storeWith(TicketKeys.hashed("chat/"));
                RedisTicketStore plain = storeWith(TicketKeys.plain("chat:"))) {
            assertThat(put(hashed, ticket)).isTrue();
            assertThat(put(plain, ticket)).isTrue();
        }

        assertThat(redis.cli().keys("*"))
                .containsExactlyInAnyOrder("chat/" + ticket.sha256(), "chat:" + ticket.reveal());
    }

    @Test
    void t7_aStoreWhoseKeysClientsCanNameSaysSoOnce() {
        redis.cli().set("somebody-elses-string-0", "value");

        try (var log = new Log(RedisTicketStore.class)) {
            try (RedisTicketStore store = storeWith(TicketKeys.plain(""))) {
                Ticket guess = Ticket.parse("somebody-elses-string-0").orElseThrow();
                assertThat(take(store, guess)).isEmpty();
                assertThat(redis.cli().exists("somebody-elses-string-0")).isZero();
            }
            assertThat(log.said(Level.WARNING)).singleElement().asString().contains("can delete any string");

            storeWith(TicketKeys.plain("chat:")).close();
            storeWith(TicketKeys.hashed("")).close();
            assertThat(log.said(Level.WARNING)).hasSize(1);
        }
    }

    @Test
    void t7_whoReadsAHashedKeyCannotRedeemIt() {
        Ticket ticket = ticket();

        try (RedisTicketStore store = storeWith(TicketKeys.hashed(""))) {
            assertThat(put(store, ticket)).isTrue();
            String key = redis.cli().keys("*").get(0);

            assertThat(take(store, Ticket.parse(key).orElseThrow())).isEmpty();
            assertThat(take(store, ticket)).contains(ALICE);
        }
    }

    @Test
    void takingLeavesNothingBehind() {
        Ticket ticket = ticket();

        try (RedisTicketStore store = patient(redis.uri())) {
            assertThat(put(store, ticket)).isTrue();
            assertThat(take(store, ticket)).contains(ALICE);
        }

        assertThat(redis.cli().dbsize()).isZero();
    }

    @Test
    void t3_andT4_areOneCommandEach() {
        Ticket ticket = ticket();
        redis.cli().configResetstat();

        try (RedisTicketStore store = patient(redis.uri())) {
            assertThat(put(store, ticket)).isTrue();
            assertThat(take(store, ticket)).contains(ALICE);
        }

        assertThat(redis.calls("set")).isEqualTo(1);
        assertThat(redis.calls("getdel")).isEqualTo(1);
        assertThat(redis.calls("get") + redis.calls("del") + redis.calls("expire") + redis.calls("eval"))
                .isZero();
    }

    @Test
    void whatTheOriginalPackageIssuedIsRedeemed() {
        Ticket ticket = ticket();
        redis.cli()
                .set(
                        ticket.reveal(),
                        "{\"id\": 1, \"username\": \"alice\"}",
                        SetArgs.Builder.ex(Duration.ofSeconds(10)));

        try (RedisTicketStore store = storeWith(TicketKeys.plain(""))) {
            assertThat(take(store, ticket)).contains(ALICE);
            assertThat(take(store, ticket)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "hello", "[]", "null", "{\"id\":1}", "{\"id\":1,\"id\":2,\"username\":\"x\"}", "{\"id\":1,"})
    void t8_whatIsNoTicketsValueIsNothing(String text) {
        Ticket ticket = ticket();
        redis.cli().set("ticket:" + ticket.sha256(), text);

        try (RedisTicketStore store = patient(redis.uri())) {
            assertThat(take(store, ticket)).isEmpty();
        }
    }

    @Test
    void t5_aKeyOfAnotherTypeIsNothingAndStays() {
        Ticket ticket = ticket();
        String key = "ticket:" + ticket.sha256();
        redis.cli().rpush(key, "somebody's", "list");

        try (RedisTicketStore store = patient(redis.uri())) {
            assertThat(take(store, ticket)).isEmpty();
            assertThat(put(store, ticket)).isFalse();
        }

        assertThat(redis.cli().lrange(key, 0, -1)).containsExactly("somebody's", "list");
    }

    @Test
    void theShortestTimeToLiveIsAMillisecond() {
        Ticket ticket = ticket();

        try (RedisTicketStore store = patient(redis.uri())) {
            assertThat(await(store.put(ticket, ALICE, Duration.ofNanos(1)))).isTrue();
        }
    }

    private static RedisTicketStore storeWith(TicketKeys keys) {
        return RedisTicketStore.builder(redis.uri()).timeout(PATIENT).keys(keys).build();
    }
}
