// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.spring.boot.StompPeer.connect;
import static io.github.realtimeticket.spring.boot.StompPeer.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.spring.security.TicketAuthentication;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.web.socket.EnableWebSocketSecurity;
import org.springframework.security.messaging.access.intercept.MessageMatcherDelegatingAuthorizationManager;
import org.springframework.stereotype.Controller;

/** Rules of Spring Security for messages, behind the gate, and no CSRF token in {@code CONNECT} beside the ticket. */
class StompSecurityTest {

    @AutoClose
    private static Application application;

    @Import(StompApplication.class)
    @EnableWebSocketSecurity
    @Controller
    static class WithRules {

        @Bean
        AuthorizationManager<Message<?>> rules(MessageMatcherDelegatingAuthorizationManager.Builder messages) {
            return messages.simpSubscribeDestMatchers("/app/moderated")
                    .hasRole("MODERATOR")
                    .anyMessage()
                    .authenticated()
                    .build();
        }

        @SubscribeMapping("/holder")
        String holder(Principal user) {
            return "number " + ((TicketAuthentication) user).admitted().holder().id();
        }

        @SubscribeMapping("/moderated")
        String moderated() {
            return "moderated";
        }
    }

    @BeforeAll
    static void start() {
        application = Application.start(
                WithRules.class, "realtime-ticket.gate.stomp=true", "realtime-ticket.gate.trust-authorities=true");
    }

    @Test
    void theRulesSeeTheUserOfTheTicket() throws Exception {
        try (StompPeer peer = open()) {
            peer.send(connect("ticket:" + ticket(List.of("ROLE_MODERATOR"))));
            assertThat(peer.next()).startsWith("CONNECTED\n");
            peer.send(frame("SUBSCRIBE", "id:1", "destination:/app/holder"));
            assertThat(peer.next()).endsWith("\nnumber 7\0");
            peer.send(frame("SUBSCRIBE", "id:2", "destination:/app/moderated"));
            assertThat(peer.next()).endsWith("\nmoderated\0");
        }
    }

    @Test
    void aRuleThatIsNotMetIsStillNotMet() throws Exception {
        try (StompPeer peer = open()) {
            peer.send(connect("ticket:" + ticket(List.of())));
            assertThat(peer.next()).startsWith("CONNECTED\n");
            peer.send(frame("SUBSCRIBE", "id:2", "destination:/app/moderated"));
            // Spring loses its ERROR if it is still sending CONNECTED.
            String answer = peer.next();
            if (!answer.equals(Connection.CLOSED)) {
                assertThat(answer).startsWith("ERROR\n");
                assertThat(peer.next()).isEqualTo(Connection.CLOSED);
            }
        }
        try (StompPeer peer = open()) {
            peer.send(connect("ticket:none"));
            assertThat(peer.next()).startsWith("ERROR\nmessage:unauthorized\n");
        }
    }

    private static StompPeer open() throws Exception {
        return StompPeer.open(URI.create("http://127.0.0.1:" + application.port() + "/"), StompPeer.Way.WEBSOCKET);
    }

    private static String ticket(List<String> authorities) {
        TicketGrant.Granted grant = TicketGrant.to(TicketHolder.of(7, "bob")).withAuthorities(authorities);
        return application
                .bean(Tickets.class)
                .issue(grant, null)
                .toCompletableFuture()
                .join()
                .reveal();
    }
}
