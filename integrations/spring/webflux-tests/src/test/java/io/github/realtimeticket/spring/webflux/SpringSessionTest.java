// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.session.MapSession;
import org.springframework.session.ReactiveMapSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.config.annotation.web.server.EnableSpringWebSession;
import org.springframework.session.events.SessionDeletedEvent;
import org.springframework.session.events.SessionExpiredEvent;

/** A session of Spring Session that ends as its repository tells, in a reactive application. */
class SpringSessionTest {

    @Import(SmallApplication.class)
    @EnableSpringWebSession
    static class WithSpringSession {

        @Bean
        ReactiveMapSessionRepository sessions() {
            return new ReactiveMapSessionRepository(new ConcurrentHashMap<>());
        }
    }

    @AutoClose
    private static Application application;

    @BeforeAll
    static void start() {
        application = Application.start(WithSpringSession.class, SmallApplication.PATHS);
    }

    @Test
    void aSessionThatExpiresTakesItsConnectionsAlong() throws Exception {
        WebUser alice = application.user().logsIn("alice", "ticket");
        try (Connection open = open(alice)) {
            application.context().publishEvent(new SessionExpiredEvent(this, sessionOf(alice)));

            assertThat(open.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void soDoesOneThatIsDeleted() throws Exception {
        WebUser alice = application.user().logsIn("alice", "ticket");
        try (Connection open = open(alice)) {
            application.context().publishEvent(new SessionDeletedEvent(this, sessionOf(alice)));

            assertThat(open.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void theEndOfAStrangersSessionIsNobodysBusiness() {
        String before = application.bean(Revocations.class).revision();

        application.context().publishEvent(new SessionExpiredEvent(this, new MapSession()));

        assertThat(application.bean(Revocations.class).revision()).isEqualTo(before);
    }

    private static Connection open(WebUser user) throws Exception {
        Connection open = Connection.open(application.uri("ws", "/realtime/socket?ticket=" + user.ticket()));
        assertThat(open.next()).isEqualTo("alice");
        return open;
    }

    private static Session sessionOf(WebUser user) {
        String id = user.cookies().get(0).getValue();
        return application
                .bean(ReactiveMapSessionRepository.class)
                .findById(id)
                .blockOptional()
                .orElseThrow();
    }
}
