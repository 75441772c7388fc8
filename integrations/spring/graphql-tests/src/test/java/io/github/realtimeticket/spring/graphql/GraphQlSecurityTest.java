// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import static io.github.realtimeticket.spring.graphql.Messages.init;
import static io.github.realtimeticket.spring.graphql.Messages.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.method.configuration.EnableReactiveMethodSecurity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import reactor.core.publisher.Mono;

/** GraphQL over WebSocket beside Spring Security's rules for methods and for other paths. */
@ParameterizedClass
@EnumSource
class GraphQlSecurityTest {

    private static GraphQlSite site;

    @Configuration(proxyBeanMethods = false)
    @Import(GraphQlApplication.class)
    @Controller
    static class WithRules {

        @QueryMapping
        @PreAuthorize("hasRole('MODERATOR')")
        Mono<String> secret() {
            return Mono.just("open sesame");
        }

        /** Beside the endpoint of GraphQL. */
        @GetMapping({"/graphql", "/graphql/other"})
        @ResponseBody
        String other() {
            return "other";
        }

        @Configuration(proxyBeanMethods = false)
        @EnableMethodSecurity
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
        static class OnServlets {}

        @Configuration(proxyBeanMethods = false)
        @EnableReactiveMethodSecurity
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
        static class Reactive {}
    }

    GraphQlSecurityTest(Stack stack) {
        assertThat(stack).isNotNull();
    }

    @BeforeParameterizedClassInvocation
    static void start(Stack stack) {
        site = new GraphQlSite(stack, WithRules.class, "realtime-ticket.gate.trust-authorities=true");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        site.close();
    }

    @Test
    void aRuleOfAMethodKnowsTheUsersAuthorities() throws Exception {
        assertThat(secret(List.of("ROLE_MODERATOR"))).contains("open sesame");
        assertThat(secret(List.of("ROLE_USER"))).contains("FORBIDDEN").doesNotContain("sesame");
    }

    @Test
    void aLoginOfTheBrowsersIsNotTheUser() throws Exception {
        WebUser alice = site.application().user().logsIn("alice", "ticket");
        String cookie =
                String.join("; ", alice.cookies().stream().map(Object::toString).toList());

        try (Connection session = site.open("Cookie", cookie)) {
            session.send(init(ticket(List.of())));
            assertThat(session.next()).contains("connection_ack");
            session.send(subscribe("1", "{ me }"));
            assertThat(session.next()).contains("\"me\":\"bob\"");
        }
        try (Connection session = site.open("Cookie", cookie)) {
            session.send(subscribe("1", "{ me }"));
            assertThat(session.closeCode()).isEqualTo(4401);
        }
    }

    @Test
    void nothingElseOnThePathIsOpened() throws Exception {
        assertThat(site.application().user().get("/graphql").statusCode()).isNotEqualTo(200);
        assertThat(site.application().user().get("/graphql/other").statusCode()).isNotEqualTo(200);
        assertThat(query(site.application().user()).statusCode()).isBetween(300, 499);
        assertThat(Connection.status(site.application().uri("ws", "/graphql/other")))
                .isNotIn(101, 200);
        // Of HTTP, the session's user is asked for, as without tickets.
        WebUser alice = site.application().user().logsIn("alice", "ticket");
        assertThat(query(alice).body()).contains("\"me\":\"alice\"");
    }

    @Test
    void noUpgradeThatIsNoneOpensThePath() throws Exception {
        WebUser alice = site.application().user().logsIn("alice", "ticket");

        assertThat(overTheWire("POST", alice, "")).isEqualTo(403);
        assertThat(overTheWire("POST", alice, "Connection: Upgrade\r\nUpgrade: websocket\r\n"))
                .isEqualTo(403);
        assertThat(overTheWire("GET", site.application().user(), "Connection: Upgrade\r\nUpgrade: h2c\r\n"))
                .isEqualTo(302);
    }

    private static int overTheWire(String method, WebUser user, String headers) throws Exception {
        String cookies =
                String.join("; ", user.cookies().stream().map(Object::toString).toList());
        String body = method.equals("POST") ? "{\"query\":\"{ me }\"}" : "";
        try (var wire = new Wire(site.application().port())) {
            wire.send(method
                    + " /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nContent-Type: application/json\r\n"
                    + "Cookie: a=b; " + cookies + "\r\nContent-Length: " + body.length() + "\r\n" + headers + "\r\n"
                    + body);
            return wire.answer().status();
        }
    }

    private static java.net.http.HttpResponse<String> query(WebUser user) throws Exception {
        return user.send(user.request("/graphql", "Content-Type", "application/json", "X-CSRF-TOKEN", user.csrf())
                .POST(BodyPublishers.ofString("{\"query\":\"{ me }\"}")));
    }

    private static String secret(List<String> authorities) throws Exception {
        try (Connection session = site.open()) {
            session.send(init(ticket(authorities)));
            assertThat(session.next()).contains("connection_ack");
            session.send(subscribe("1", "{ secret }"));
            return session.next();
        }
    }

    private static String ticket(List<String> authorities) {
        return site.application()
                .bean(Tickets.class)
                .issue(TicketGrant.to(TicketHolder.of(2, "bob")).withAuthorities(authorities), null)
                .toCompletableFuture()
                .join()
                .reveal();
    }
}
