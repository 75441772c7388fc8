// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static io.github.realtimeticket.spring.graphql.Messages.init;
import static io.github.realtimeticket.spring.graphql.Messages.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.graphql.ExecutionGraphQlService;
import org.springframework.graphql.server.WebGraphQlHandler;
import org.springframework.graphql.server.WebSocketGraphQlInterceptor;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** Applications in which a part is missing, or is the application's own. */
class GraphQlStartTest {

    private static final String GRAPHQL = "realtime-ticket.gate.graphql=true";
    private static final String PATH = "spring.graphql.websocket.path=/graphql";
    private static final Duration TIME_TO_INIT = Duration.ofSeconds(5);

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
    static class WithAnotherEndpoint {

        @Bean
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
        org.springframework.graphql.server.webmvc.GraphQlWebSocketHandler onServlets(WebGraphQlHandler handler) {
            return new org.springframework.graphql.server.webmvc.GraphQlWebSocketHandler(
                    handler, new JacksonJsonHttpMessageConverter(), TIME_TO_INIT);
        }

        @Bean
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
        org.springframework.graphql.server.webflux.GraphQlWebSocketHandler reactive(
                WebGraphQlHandler handler, ServerCodecConfigurer codecs) {
            return new org.springframework.graphql.server.webflux.GraphQlWebSocketHandler(
                    handler, codecs, TIME_TO_INIT);
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

    /** Asks for a login at the handshake too. */
    @Configuration(proxyBeanMethods = false)
    @Import(GraphQlApplication.class)
    static class WithAChainOfItsOwn {

        @Bean
        TicketGraphQlInterceptor graphQlTickets(Gate gate) {
            return new TicketGraphQlInterceptor(gate);
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
        static class OnServlets {

            @Bean
            @Order(Ordered.HIGHEST_PRECEDENCE)
            SecurityFilterChain own(HttpSecurity http) throws Exception {
                return http.securityMatcher("/graphql", "/login")
                        .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                        .formLogin(Customizer.withDefaults())
                        .build();
            }
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
        static class Reactive {

            @Bean
            @Order(Ordered.HIGHEST_PRECEDENCE)
            SecurityWebFilterChain own(ServerHttpSecurity http) {
                return http.authorizeExchange(
                                exchanges -> exchanges.anyExchange().authenticated())
                        .formLogin(Customizer.withDefaults())
                        .build();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMissingPartStopsTheStartAndIsNamed(Stack stack) {
        assertThatThrownBy(() -> Application.start(GraphQlApplication.class, stack.property(), GRAPHQL))
                .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                .hasMessageContaining("realtime-ticket.gate.graphql needs spring.graphql.websocket.path");
        assertThatThrownBy(() -> Application.start(WithoutASchema.class, stack.property(), GRAPHQL, PATH))
                .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                .hasMessageContaining("spring-boot-starter-graphql and a schema")
                .hasMessageNotContaining("websocket.path");
    }

    @ParameterizedTest
    @EnumSource
    void whatWouldNotAskForATicketStopsTheStart(Stack stack) {
        assertThatThrownBy(() -> Application.start(WithAnotherInterceptor.class, stack.property(), GRAPHQL, PATH))
                .hasStackTraceContaining("at most 1 WebSocketInterceptor");
        assertThatThrownBy(() -> Application.start(AsksNoInterceptor.class, stack.property(), GRAPHQL, PATH))
                .hasStackTraceContaining("no TicketGraphQlInterceptor among its interceptors");
        assertThatThrownBy(() -> Application.start(WithAnotherEndpoint.class, stack.property(), GRAPHQL, PATH))
                .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                .hasMessageContaining("which would let nobody in");
    }

    @ParameterizedTest
    @EnumSource
    void withAChainOfTheApplicationsOwnTheUserIsTheTicketsAndNotTheCookies(Stack stack) throws Exception {
        try (GraphQlSite site = new GraphQlSite(stack, WithAChainOfItsOwn.class)) {
            WebUser alice = site.application().user().logsIn("alice", "ticket");
            String cookie = String.join(
                    "; ", alice.cookies().stream().map(Object::toString).toList());

            try (Connection session = site.open("Cookie", cookie)) {
                session.send(init(site.ticket(TicketHolder.of(2, "bob"))));
                assertThat(session.next()).contains("connection_ack");
                session.send(subscribe("1", "{ me roles holder }"));
                assertThat(session.next()).contains("\"me\":\"bob\"", "\"roles\":\"bob []\"", "\"holder\":\"2 bob\"");
            }
        }
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
            eventually(() -> site.refusals().equals(List.of(Refusal.MISSING)));
        }
    }
}
