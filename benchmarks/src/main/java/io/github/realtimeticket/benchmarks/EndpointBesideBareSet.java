// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import io.github.realtimeticket.fixtures.Requests;
import io.github.realtimeticket.fixtures.Turns;
import io.github.realtimeticket.fixtures.Turns.Cost;
import jakarta.servlet.Filter;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code POST /ticket/} of the Spring Boot starter in Tomcat, tickets in Redis and in memory, beside MVC controllers that do one bare
 * {@code SET} or nothing. The user is logged in with all of them, and behind the same filters.
 */
public final class EndpointBesideBareSet {

    private static final int REQUESTS = Integer.getInteger("requests", 20_000);
    private static final int CONNECTIONS = Integer.getInteger("connections", 32);

    private EndpointBesideBareSet() {}

    /** Measures against a Redis of its own, or against the one at the address that is given. */
    public static void main(String[] arguments) throws Exception {
        try (RedisForARun redis = RedisForARun.start(arguments);
                Bare bare = new Bare(redis.url());
                var inRedis = application(bare, "redis", "--realtime-ticket.redis.url=" + redis.url());
                var inMemory = application(bare, "memory", "--realtime-ticket.memory.maximum=10000000")) {
            Turns.compare(
                    List.of("POST, " + CONNECTIONS + " connections"),
                    List.of(
                            new Post("controller, bare SET", inRedis, "/bare"),
                            new Post("controller, bare SET, a stage", inRedis, "/bare-stage"),
                            new Post("our endpoint, Redis", inRedis, "/ticket/"),
                            new Post("our endpoint, memory", inMemory, "/ticket/"),
                            new Post("controller, nothing", inRedis, "/nothing")));
        }
    }

    private static ConfigurableApplicationContext application(Bare bare, String store, String setting) {
        return new SpringApplicationBuilder(Application.class)
                .initializers(context -> context.getBeanFactory().registerSingleton("bare", bare))
                .run(
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--server.tomcat.max-keep-alive-requests=-1",
                        "--spring.main.banner-mode=off",
                        "--spring.security.user.password=unused",
                        "--realtime-ticket.limit.enabled=false",
                        "--realtime-ticket.store=" + store,
                        setting);
    }

    private record Post(String name, ConfigurableApplicationContext application, String path)
            implements Turns.Candidate {
        @Override
        public List<Cost> run() throws Exception {
            int port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            byte[] request = Requests.bytes(
                    "POST " + path + " HTTP/1.1",
                    "Host: localhost",
                    "Origin: http://localhost",
                    "Sec-Fetch-Site: same-origin",
                    "Accept: */*",
                    "Content-Length: 0");
            return List.of(Cost.of(REQUESTS, () -> Requests.onKeptConnections(port, CONNECTIONS, REQUESTS, request)));
        }
    }

    /** What is measured, with everything that Spring Boot sets up. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    @RestController
    static class Application {

        private static final String ANSWER =
                "{\"status\":\"ok\",\"message\":\"q2Xr8cPzVm0yT4hQdL1sJkW9eNo\",\"expires_in\":10}";

        private final Bare bare;

        Application(Bare bare) {
            this.bare = bare;
        }

        @PostMapping("/bare")
        String bare() {
            String unused = bare.connection().sync().set(Bare.key(Bare.name()), Bare.VALUE, Bare.onceFor(10_000));
            return ANSWER;
        }

        @PostMapping("/bare-stage")
        CompletionStage<String> stage() {
            return bare.connection()
                    .async()
                    .set(Bare.key(Bare.name()), Bare.VALUE, Bare.onceFor(10_000))
                    .thenApply(ok -> ANSWER);
        }

        @PostMapping("/nothing")
        String nothing() {
            return ANSWER;
        }

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            var alice = new SecurityContextImpl(new TestingAuthenticationToken("alice", null, "ROLE_USER"));
            Filter login = (request, response, chain) -> {
                SecurityContextHolder.setContext(alice);
                chain.doFilter(request, response);
            };
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .csrf(csrf -> csrf.ignoringRequestMatchers("/bare", "/bare-stage", "/nothing"))
                    .addFilterBefore(login, AnonymousAuthenticationFilter.class)
                    .build();
        }
    }
}
