// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.config.annotation.web.http.EnableSpringHttpSession;
import org.springframework.session.events.SessionExpiredEvent;

/** A session of Spring Session that ends as its repository tells. */
class SpringSessionTest {

    private static final Map<String, Session> SESSIONS = new ConcurrentHashMap<>();

    @Import(LoginSite.class)
    @EnableSpringHttpSession
    static class WithSpringSession {

        @Bean
        MapSessionRepository sessions() {
            return new MapSessionRepository(SESSIONS);
        }
    }

    @Test
    void aSessionThatExpiresTakesItsConnectionsAlong() throws Exception {
        try (var application = Application.start(WithSpringSession.class, "realtime-ticket.gate.paths=/realtime/**")) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            try (Connection open =
                    Connection.open(application.uri("ws", "/realtime/socket?ticket=" + alice.ticket()))) {
                open.send("known");
                assertThat(open.next()).isEqualTo("known");
                Session session = SESSIONS.values().iterator().next();

                application.context().publishEvent(new SessionExpiredEvent(this, session));

                assertThat(open.closeCode()).isEqualTo(3000);
            }
        }
    }
}
