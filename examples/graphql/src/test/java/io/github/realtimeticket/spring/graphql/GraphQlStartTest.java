// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import static io.github.realtimeticket.spring.graphql.Messages.init;
import static io.github.realtimeticket.spring.graphql.Messages.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.graphql.ExecutionGraphQlService;
import org.springframework.graphql.server.WebGraphQlHandler;
import org.springframework.graphql.server.WebSocketGraphQlInterceptor;

/** Applications in which a part is missing, or is the application's own. */
class GraphQlStartTest {

    private static final String GRAPHQL = "realtime-ticket.gate.graphql=true";
    private static final String PATH = "spring.graphql.websocket.path=/graphql";

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class WithoutASchema {}

    @Configuration(proxyBeanMethods = false)
    @Import(GraphQlApplication.class)
    static class WithAnotherInterceptor {

        @Bean
        WebSocketGraphQlInterceptor another() {
            return new WebSocketGraphQlInterceptor() {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(GraphQlApplication.class)
    static class AsksNoInterceptor {

        @Bean
        WebGraphQlHandler own(ExecutionGraphQlService service) {
            return WebGraphQlHandler.builder(service).build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(GraphQlApplication.class)
    @EnableAutoConfiguration(
            excludeName = {
                "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration",
                "io.github.realtimeticket.spring.boot.RealtimeTicketSecurityAutoConfiguration",
                "io.github.realtimeticket.spring.boot.RealtimeTicketWebFluxSecurityAutoConfiguration"
            })
    static class WithoutSpringSecurity {}

    @ParameterizedTest
    @EnumSource
    void aMissingPartStopsTheStartAndIsNamed(Stack stack) {
        assertThatThrownBy(() -> Application.start(GraphQlApplication.class, stack.property(), GRAPHQL))
                .hasStackTraceContaining("spring.graphql.websocket.path");
        assertThatThrownBy(() -> Application.start(WithoutASchema.class, stack.property(), GRAPHQL, PATH))
                .hasStackTraceContaining("a schema");
    }

    @ParameterizedTest
    @EnumSource
    void whatWouldNotAskForATicketStopsTheStart(Stack stack) {
        assertThatThrownBy(() -> Application.start(WithAnotherInterceptor.class, stack.property(), GRAPHQL, PATH))
                .hasStackTraceContaining("at most 1 WebSocketInterceptor");
        assertThatThrownBy(() -> Application.start(AsksNoInterceptor.class, stack.property(), GRAPHQL, PATH))
                .hasStackTraceContaining("no TicketGraphQlInterceptor among its interceptors");
    }

    @ParameterizedTest
    @EnumSource
    void withoutSpringSecurityTheHolderIsInTheContextOfEveryOperation(Stack stack) throws Exception {
        try (GraphQlSite site = new GraphQlSite(
                stack, WithoutSpringSecurity.class, "spring.graphql.websocket.connection-init-timeout=3s")) {
            try (Connection session = site.open()) {
                session.send(init(site.ticket()));
                assertThat(session.next()).contains("connection_ack");
                session.send(subscribe("1", "{ holder }"));
                assertThat(session.next()).contains("\"holder\":\"1 alice\"");
            }
            try (Connection silent = site.open()) {
                assertThat(silent.closeCode()).isEqualTo(4408);
            }
            await().until(() -> site.refusals().equals(List.of(Refusal.MISSING)));
        }
    }
}
