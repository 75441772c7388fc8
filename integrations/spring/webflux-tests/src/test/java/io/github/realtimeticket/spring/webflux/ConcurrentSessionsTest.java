// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.URI;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.session.InMemoryReactiveSessionRegistry;
import org.springframework.security.core.session.ReactiveSessionInformation;
import org.springframework.security.core.session.ReactiveSessionRegistry;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.server.authentication.SessionLimit;

/** A reactive application in which everybody may be logged in once. */
class ConcurrentSessionsTest {

    @Import(SmallApplication.class)
    static class Once {

        @Bean
        ReactiveSessionRegistry sessionsOfUsers() {
            return new InMemoryReactiveSessionRegistry();
        }

        @Bean
        Customizer<ServerHttpSecurity> once() {
            return http -> http.sessionManagement(sessions ->
                    sessions.concurrentSessions(concurrency -> concurrency.maximumSessions(SessionLimit.of(1))));
        }
    }

    @AutoClose
    private static Application application;

    @BeforeAll
    static void start() {
        application = Application.start(Once.class, SmallApplication.PATHS);
    }

    @Test
    void aSessionThatIsOneTooManyTakesItsConnectionsAlong() throws Exception {
        WebUser alice = user("alice");
        String outstanding = alice.ticket();
        try (Connection open = open(alice)) {
            WebUser elsewhere = user("alice");

            assertThat(open.closeCode()).isEqualTo(3000);
            assertThat(Connection.status(socket(outstanding))).isEqualTo(401);
            assertThat(alice.post("/ticket/").statusCode()).isEqualTo(401);
            try (Connection another = open(elsewhere)) {
                another.send("bye");
                assertThat(another.closeCode()).isEqualTo(1000);
            }
        }
    }

    @Test
    void soDoesOneThatAnAdministratorInvalidates() throws Exception {
        WebUser bob = user("bob");
        try (Connection open = open(bob)) {
            application
                    .bean(ReactiveSessionRegistry.class)
                    .getAllSessions(User.withUsername("bob").password("any").build())
                    .flatMap(ReactiveSessionInformation::invalidate)
                    .blockLast();

            assertThat(open.closeCode()).isEqualTo(3000);
        }
    }

    /** Spring Security puts a session of its own around the exchange's there. */
    @Test
    void aLogoutEndsTheConnectionsOfItsSessionThereToo() throws Exception {
        WebUser carol = user("carol");
        try (Connection open = open(carol)) {
            assertThat(carol.post("/logout").statusCode()).isEqualTo(302);

            assertThat(open.closeCode()).isEqualTo(3000);
        }
    }

    private static WebUser user(String name) throws Exception {
        return application.user().logsIn(name, "ticket");
    }

    private static URI socket(String ticket) {
        return application.uri("ws", "/realtime/socket?ticket=" + ticket);
    }

    private static Connection open(WebUser user) throws Exception {
        Connection open = Connection.open(socket(user.ticket()));
        assertThat(open.next()).isNotEmpty();
        return open;
    }
}
