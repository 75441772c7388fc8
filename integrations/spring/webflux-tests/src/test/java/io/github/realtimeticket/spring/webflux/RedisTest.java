// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two reactive applications that share a Redis: one issues, the other is opened by ticket. */
class RedisTest {

    @AutoClose
    private static Redis redis;

    @AutoClose
    private static Relay relay;

    @AutoClose
    private static Application web;

    @AutoClose
    private static Application realtime;

    private static WebUser alice;

    @BeforeAll
    static void start() throws Exception {
        redis = new Redis();
        relay = new Relay(redis.port());
        String store = "realtime-ticket.store=redis";
        web = Application.start(
                SmallApplication.class,
                store,
                "realtime-ticket.redis.url=redis://127.0.0.1:" + relay.port(),
                "realtime-ticket.revocations.enabled=true",
                "realtime-ticket.redis.timeout=5s");
        realtime = Application.start(
                SmallApplication.class,
                store,
                "realtime-ticket.redis.url=" + redis.url(),
                "realtime-ticket.revocations.enabled=true",
                "realtime-ticket.redis.timeout=5s",
                SmallApplication.PATHS);
        alice = web.user().logsIn("alice", "ticket");
    }

    @Test
    void aTicketOpensOneConnectionOfAnyKind() throws Exception {
        String socket = alice.ticket();

        try (var connection = Connection.open(realtime.uri("ws", "/realtime/socket?ticket=" + socket))) {
            assertThat(connection.next()).isEqualTo("alice");
        }
        assertThat(Connection.status(realtime.uri("ws", "/realtime/socket?ticket=" + socket)))
                .isEqualTo(401);
        assertThat(realtime.user()
                        .get("/realtime/events?ticket=" + alice.ticket())
                        .body())
                .isEqualTo("data:alice\n\n");
        assertThat(realtime.user()
                        .get("/realtime/plain?ticket=" + alice.ticket())
                        .body())
                .isEqualTo("alice");
    }

    @Test
    void aLogoutAtOneClosesTheConnectionAtTheOther() throws Exception {
        WebUser bob = web.user().logsIn("bob", "ticket");

        try (var connection = Connection.open(realtime.uri("ws", "/realtime/socket?ticket=" + bob.ticket()))) {
            assertThat(connection.next()).isEqualTo("bob");
            assertThat(bob.post("/logout").statusCode()).isEqualTo(302);

            assertThat(connection.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void whatIsBehindTheGateDoesNotRunOnTheThreadOfTheStore() throws Exception {
        String thread =
                realtime.user().get("/realtime/thread?ticket=" + alice.ticket()).body();

        assertThat(thread).doesNotContainIgnoringCase("lettuce");
    }

    @Test
    void whileRedisIsOutOfReachTheAnswerIs503AndTheNextTicketWorks() throws Exception {
        relay.refuse();
        HttpResponse<String> down = alice.post("/ticket/");
        relay.heal();

        assertError(down, 503, "unavailable");
        assertThat(realtime.user()
                        .get("/realtime/plain?ticket=" + alice.ticket())
                        .body())
                .isEqualTo("alice");
    }
}
