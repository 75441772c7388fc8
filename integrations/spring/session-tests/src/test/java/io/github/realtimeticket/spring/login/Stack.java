// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.WebUser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.springframework.session.ReactiveSessionRepository;
import org.springframework.session.SessionRepository;

/** What serves a {@link SessionApplication}, which keeps sessions and tickets in the same Redis. */
enum Stack {
    SERVLET,
    REACTIVE;

    /** One with this repository, by the name that Spring Boot has for it. */
    Application start(Redis redis, String repository, String... properties) {
        return start(SessionApplication.class, redis, repository, properties);
    }

    /** The same with more. */
    Application start(Class<?> main, Redis redis, String repository, String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("spring.main.web-application-type=" + name());
        all.add("spring.data.redis.url=" + redis.url());
        all.add("spring.session.data.redis.repository-type=" + repository);
        all.add("realtime-ticket.store=redis");
        all.add("realtime-ticket.redis.timeout=5s");
        all.add("realtime-ticket.revocations.enabled=true");
        all.add("realtime-ticket.gate.paths=/realtime/**");
        return Application.start(main, all.toArray(String[]::new));
    }

    /** The id of the user's session. */
    String session(WebUser user) {
        String cookie = user.cookies().stream()
                .filter(kept -> kept.getName().equals("SESSION"))
                .findFirst()
                .orElseThrow()
                .getValue();
        return this == REACTIVE ? cookie : new String(Base64.getDecoder().decode(cookie), StandardCharsets.UTF_8);
    }

    /** What an application's own code does at a node, outside of a request of the user's. */
    void deletes(Application node, String session) {
        if (this == REACTIVE) {
            ReactiveSessionRepository<?> sessions = node.bean(ReactiveSessionRepository.class);
            sessions.deleteById(session).block();
        } else {
            SessionRepository<?> sessions = node.bean(SessionRepository.class);
            sessions.deleteById(session);
        }
    }

    /** A connection of this user's that the server has for open, too. */
    static Connection open(Application application, WebUser user) throws Exception {
        Connection open = Connection.open(application.uri("ws", "/realtime/socket?ticket=" + user.ticket()));
        String first = open.next();
        if (!first.equals("alice")) {
            throw new AssertionError("It is not hers: " + first + " " + open.closeCode());
        }
        return open;
    }
}
