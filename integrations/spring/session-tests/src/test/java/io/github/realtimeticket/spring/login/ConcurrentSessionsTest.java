// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import static io.github.realtimeticket.spring.login.Stack.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.WebUser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.session.ReactiveSessionRegistry;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.web.server.authentication.SessionLimit;
import org.springframework.session.data.redis.ReactiveRedisIndexedSessionRepository;
import org.springframework.session.data.redis.RedisIndexedSessionRepository;
import org.springframework.session.security.SpringSessionBackedReactiveSessionRegistry;
import org.springframework.session.security.SpringSessionBackedSessionRegistry;

/** An application with sessions in Redis in which everybody may be logged in once. */
class ConcurrentSessionsTest {

    @Import(SessionApplication.class)
    static class OnServlets {

        @Bean
        SessionRegistry sessionsOfUsers(RedisIndexedSessionRepository sessions) {
            return new SpringSessionBackedSessionRegistry<>(sessions);
        }

        @Bean
        Customizer<HttpSecurity> once(SessionRegistry sessions) {
            return http -> http.sessionManagement(
                    management -> management.maximumSessions(1).sessionRegistry(sessions));
        }
    }

    @Import(SessionApplication.class)
    static class OnWebFlux {

        @Bean
        ReactiveSessionRegistry sessionsOfUsers(ReactiveRedisIndexedSessionRepository sessions) {
            return new SpringSessionBackedReactiveSessionRegistry<>(sessions, sessions);
        }

        @Bean
        Customizer<ServerHttpSecurity> once() {
            return http -> http.sessionManagement(sessions ->
                    sessions.concurrentSessions(concurrency -> concurrency.maximumSessions(SessionLimit.of(1))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSessionThatIsOneTooManyTakesItsConnectionsAlong(Stack stack) throws Exception {
        Class<?> main = stack == Stack.SERVLET ? OnServlets.class : OnWebFlux.class;
        try (Redis redis = new Redis();
                Application application = stack.start(main, redis, "indexed")) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            try (Connection open = open(application, alice)) {
                WebUser elsewhere = application.user().logsIn("alice", "ticket");

                assertThat(open.closeCode()).isEqualTo(3000);
                open(application, elsewhere).close();
            }
        }
    }
}
