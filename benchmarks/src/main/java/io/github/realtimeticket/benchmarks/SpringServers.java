// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import io.github.realtimeticket.TicketStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.graphql.autoconfigure.GraphQlSourceBuilderCustomizer;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.MediaType;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import reactor.core.publisher.Flux;

/** Spring Boot applications in which everything is open to everybody, unless the starter sees to it. */
final class SpringServers {

    private SpringServers() {}

    /** WebSockets of Spring MVC, STOMP and GraphQL, in Tomcat. */
    static Stack.Server servlets(@Nullable TicketStore store, String gate) {
        return start(Servlets.class, WebApplicationType.SERVLET, store, gate);
    }

    /** WebSockets of Spring WebFlux, in Reactor Netty. */
    static Stack.Server reactive(@Nullable TicketStore store, String gate) {
        return start(Reactive.class, WebApplicationType.REACTIVE, store, gate);
    }

    private static Stack.Server start(
            Class<?> main, WebApplicationType type, @Nullable TicketStore store, String gate) {
        List<String> settings = new ArrayList<>(List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--server.shutdown=immediate",
                "--spring.main.banner-mode=off",
                "--spring.graphql.websocket.path=" + Stack.GRAPHQL_PATH,
                "--spring.security.user.password=unused"));
        var application = new SpringApplicationBuilder(main).web(type);
        if (store != null) {
            settings.add("--realtime-ticket.gate." + gate);
            application.initializers(context -> context.getBeanFactory().registerSingleton("tickets-kept-in", store));
        }
        var context = application.run(settings.toArray(String[]::new));
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        return new Stack.Server(port, context);
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @EnableWebSocket
    @EnableWebSocketMessageBroker
    @Import(Same.class)
    static class Servlets implements WebSocketConfigurer, WebSocketMessageBrokerConfigurer {

        @Override
        public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
            registry.addHandler(new TextWebSocketHandler(), Stack.PATH).setAllowedOriginPatterns("*");
        }

        @Override
        public void registerStompEndpoints(StompEndpointRegistry registry) {
            registry.addEndpoint(Stack.STOMP_PATH).setAllowedOriginPatterns("*");
            registry.addEndpoint(Stack.SOCK_JS_PATH)
                    .setAllowedOriginPatterns("*")
                    .withSockJS();
        }

        @Override
        public void configureMessageBroker(MessageBrokerRegistry registry) {
            registry.enableSimpleBroker("/topic");
        }

        @Bean
        SecurityFilterChain open(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .csrf(AbstractHttpConfigurer::disable)
                    .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                    .build();
        }
    }

    /** What is the same on both stacks: the schema of GraphQL, and an event stream. */
    @RestController
    static class Same {

        @Bean
        GraphQlSourceBuilderCustomizer schema() {
            byte[] schema = "type Query { me: String }".getBytes(StandardCharsets.UTF_8);
            return source -> source.schemaResources(new ByteArrayResource(schema));
        }

        @GetMapping(path = Stack.STREAM_PATH, produces = MediaType.TEXT_EVENT_STREAM_VALUE)
        Flux<String> events() {
            return Flux.just("hello");
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Same.class)
    static class Reactive {

        @Bean
        NettyReactiveWebServerFactory server() {
            return new NettyReactiveWebServerFactory();
        }

        @Bean
        HandlerMapping sockets() {
            WebSocketHandler silent = session -> session.receive().then();
            return new SimpleUrlHandlerMapping(Map.of(Stack.PATH, silent), -1);
        }

        @Bean
        SecurityWebFilterChain open(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges.anyExchange().permitAll())
                    .csrf(ServerHttpSecurity.CsrfSpec::disable)
                    .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                    .build();
        }
    }
}
