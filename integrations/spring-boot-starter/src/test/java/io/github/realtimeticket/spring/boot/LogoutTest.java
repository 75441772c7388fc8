// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/** What a ticket has opened ends with the login, with no line of code. */
class LogoutTest {

    private static Application application;

    @Import(SmallApplication.class)
    @EnableWebSocket
    static class WithASocket implements WebSocketConfigurer {
        @Override
        public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
            registry.addHandler(new TextWebSocketHandler(), "/realtime/socket").setAllowedOriginPatterns("*");
        }
    }

    @BeforeAll
    static void start() {
        application = Application.start(
                WithASocket.class,
                "realtime-ticket.gate.paths=/realtime/**",
                "realtime-ticket.connection.maximum-age=1h");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void aLogoutClosesWhatTheLoginHasOpenedAndNothingElse() throws Exception {
        WebUser alice = application.user().logsIn("alice", "ticket");
        WebUser elsewhere = application.user().logsIn("alice", "ticket");
        String outstanding = alice.ticket();

        try (Connection one = open(alice.ticket());
                Connection other = open(elsewhere.ticket())) {
            awaitConnections(2);
            assertThat(alice.post("/logout").statusCode()).isLessThan(400);

            assertThat(one.closeCode()).isEqualTo(3000);
            awaitConnections(1);
            assertThat(Connection.status(uri(outstanding))).isEqualTo(401);
            assertThat(elsewhere
                            .get("/realtime/who?ticket=" + elsewhere.ticket())
                            .body())
                    .isEqualTo("alice");
            other.close();
            awaitConnections(0);
        }
    }

    @Test
    void anotherLoginOfTheSamePersonIsNotTheOldOne() throws Exception {
        WebUser alice = application.user().logsIn("alice", "ticket");
        String before = alice.ticket();
        assertThat(alice.post("/logout").statusCode()).isLessThan(400);

        alice.logsIn("alice", "ticket");

        assertThat(alice.get("/realtime/who?ticket=" + before).statusCode()).isEqualTo(401);
        assertThat(alice.get("/realtime/who?ticket=" + alice.ticket()).body()).isEqualTo("alice");
    }

    @Test
    void aUserWhoIsLockedIsToldNotToComeBack() throws Exception {
        WebUser alice = application.user().logsIn("alice", "ticket");

        try (Connection connection = open(alice.ticket())) {
            awaitConnections(1);
            assertThat(connections()).singleElement().satisfies(known -> assertThat(known.until())
                    .isCloseTo(known.since().plus(Duration.ofHours(1)), within(1, ChronoUnit.MINUTES)));
            application
                    .bean(Revocations.class)
                    .revoke(Revocation.holder("alice").forbidden())
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);

            assertThat(connection.closeCode()).isEqualTo(3003);
            awaitConnections(0);
        }
    }

    private static Connection open(String ticket) throws Exception {
        Connection connection = Connection.open(uri(ticket));
        assertThat(connection.status()).isEqualTo(101);
        return connection;
    }

    private static URI uri(String ticket) {
        return application.uri("ws", "/realtime/socket?ticket=" + ticket);
    }

    private static List<LiveConnection> connections() {
        return application.bean(Gate.class).connections().stream().toList();
    }

    private static void awaitConnections(int count) throws Exception {
        for (int i = 0; i < 3_000 && connections().size() != count; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(connections()).hasSize(count);
    }
}
