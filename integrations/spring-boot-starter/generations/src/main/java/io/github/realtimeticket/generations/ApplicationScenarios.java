// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.generations;

import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.jdbc.JdbcTicketStore;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.spring.metrics.MicrometerTicketListener;
import jakarta.servlet.http.HttpServlet;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.WebSecurityCustomizer;
import org.springframework.security.web.SecurityFilterChain;

/** What the small application does with this generation. */
public abstract class ApplicationScenarios {

    private static final String PATHS = "realtime-ticket.gate.paths=/realtime/**";
    private static final Pattern SESSION = Pattern.compile("\"session\":\"([0-9a-f]{32})\"");

    /** Boot's own chain, but for a logout that leaves the session as it is. */
    @Import(SmallApplication.class)
    static class KeepingSessions {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .httpBasic(Customizer.withDefaults())
                    .logout(logout -> logout.invalidateHttpSession(false))
                    .build();
        }
    }

    /** Two chains for the same paths, that of tickets behind. */
    @Import(SmallApplication.class)
    static class AnotherChainBefore {

        @Bean
        @Order(1)
        SecurityFilterChain first(HttpSecurity http) throws Exception {
            return http.securityMatcher("/feed/**", "/news")
                    .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain feed(HttpSecurity http) throws Exception {
            return http.securityMatcher("/feed/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }
    }

    /** Beside another servlet, and behind a chain that takes one method alone. */
    @Import(SmallApplication.class)
    static class OwnChain {

        @Bean
        ServletRegistrationBean<HttpServlet> anotherServlet() {
            return new ServletRegistrationBean<>(new HttpServlet() {}, "/another");
        }

        @Bean
        @Order(1)
        SecurityFilterChain posts(HttpSecurity http) throws Exception {
            return http.securityMatchers(matchers -> matchers.requestMatchers(HttpMethod.POST, "/rooms/**"))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain rooms(HttpSecurity http) throws Exception {
            return http.securityMatchers(matchers -> matchers.requestMatchers("/rooms/{number:[0-9]+}"))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }
    }

    @Import(OwnChain.class)
    static class OwnChainOutOfSecurity {

        @Bean
        WebSecurityCustomizer ignoring() {
            return web -> web.ignoring().requestMatchers("/rooms/**");
        }
    }

    @Test
    void whatCouldOpenAPathWithoutATicketStopsTheStart() {
        assertThatThrownBy(() -> Application.start(AnotherChainBefore.class))
                .hasStackTraceContaining("/feed/** could be opened without a ticket");
        assertThatThrownBy(() -> Application.start(OwnChainOutOfSecurity.class))
                .hasStackTraceContaining("/rooms/{number:[0-9]+} could be opened without a ticket");
        Application.start(OwnChain.class).close();
    }

    @Test
    void inMemoryATicketOpensOneConnection() throws Exception {
        try (var application = Application.start(
                KeepingSessions.class,
                PATHS,
                "realtime-ticket.gate.stomp=true",
                "management.endpoints.web.exposure.include=realtimeconnections",
                "management.endpoint.realtimeconnections.access=unrestricted")) {
            assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("generation"));
            assertIssuesAndRedeems(application);
            assertOpensStomp(application);
            assertEndsWithALogout(application);
            assertListsAndRevokes(application);
        }
    }

    @Test
    void inRedisATicketOpensOneConnection() throws Exception {
        try (var redis = new Redis();
                var application = inRedis(redis.port())) {
            assertThat(application.bean(RedisTicketStore.class)).isNotNull();
            assertIssuesAndRedeems(application);
            // Before Boot 4 health has other types, and we have none of these.
            assertThat(application.context().containsBean("realtimeTicketHealthIndicator"))
                    .isEqualTo(!SpringBootVersion.getVersion().startsWith("3."));
        }
    }

    /** Whatever this generation's Lettuce does by itself with a command whose answer is lost. */
    @Test
    void inRedisNothingIsSentAgain() throws Exception {
        try (var redis = new Redis();
                var relay = new Relay(redis.port());
                var application = inRedis(relay.port())) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            String path = "/realtime/name?ticket=" + alice.ticket();
            relay.loseAnswersTo("GETDEL");

            assertThat(alice.get(path).statusCode()).isEqualTo(503);

            relay.heal();
            assertThat(alice.get("/realtime/name?ticket=" + alice.ticket()).body())
                    .isEqualTo("alice");
            assertThat(redis.calls("getdel")).isEqualTo(2);
            assertThat(alice.get(path).statusCode()).isEqualTo(401);
        }
    }

    private static Application inRedis(int port) {
        return Application.start(
                SmallApplication.class,
                PATHS,
                "realtime-ticket.store=redis",
                "realtime-ticket.redis.timeout=10s",
                "spring.data.redis.host=127.0.0.1",
                "spring.data.redis.port=" + port);
    }

    @Test
    void inADatabaseATicketOpensOneConnection() throws Exception {
        try (var application = Application.start(
                SmallApplication.class,
                PATHS,
                "realtime-ticket.store=jdbc",
                "realtime-ticket.jdbc.timeout=5s",
                "spring.datasource.url=jdbc:h2:mem:tickets")) {
            assertThat(application.context().getBean(JdbcTicketStore.class)).isNotNull();
            assertIssuesAndRedeems(application);
        }
    }

    @Test
    void oneTraceRunsFromIssueToRedemption() throws Exception {
        var redemptions = new Redemptions();
        try (var application = Application.start(
                SmallApplication.class,
                Map.of("redemptions", redemptions),
                PATHS,
                "management.tracing.sampling.probability=1.0")) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            String ticket = alice.ticket("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            assertThat(alice.get("/realtime/name?ticket=" + ticket).statusCode())
                    .isEqualTo(200);

            assertThat(redemptions.spans.poll(30, TimeUnit.SECONDS)).satisfies(span -> {
                assertThat(span.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
                assertThat(span.tag("outcome")).isEqualTo("admitted");
            });
            assertThat(redemptions.spans).isEmpty();
        }
    }

    private static void assertEndsWithALogout(Application application) throws Exception {
        WebUser alice = application.user().logsIn("alice", "ticket");
        try (var open = Connection.open(
                application.uri("ws", "/realtime/socket?ticket=" + alice.ticket()), "Origin", alice.origin())) {
            assertThat(open.next()).isEqualTo("Hello alice");

            assertThat(alice.post("/logout").statusCode()).isEqualTo(204);

            assertThat(open.closeCode()).isEqualTo(3000);
        }
    }

    private static void assertListsAndRevokes(Application application) throws Exception {
        WebUser alice = application.user().logsIn("alice", "ticket");
        try (var open = Connection.open(
                application.uri("ws", "/realtime/socket?ticket=" + alice.ticket()), "Origin", alice.origin())) {
            assertThat(open.next()).isEqualTo("Hello alice");

            String listed = alice.get("/actuator/realtimeconnections?limit=1").body();
            String session = WebUser.find(
                    SESSION, alice.get("/actuator/realtimeconnections").body());
            HttpResponse<String> answer = alice.send(alice.request(
                            "/actuator/realtimeconnections",
                            "Content-Type",
                            "application/json",
                            "X-CSRF-TOKEN",
                            alice.csrf())
                    .POST(BodyPublishers.ofString("{\"session\":\"" + session + "\"}")));

            assertThat(listed).contains("\"session\":\"" + session + "\"", "\"username\":\"******\"");
            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(open.closeCode()).isEqualTo(3000);
        }
    }

    private static void assertOpensStomp(Application application) throws Exception {
        WebUser alice = application.user().logsIn("alice", "ticket");
        String connect = "CONNECT\naccept-version:1.2\nhost:localhost\nticket:" + alice.ticket() + "\n\n\0";

        try (var first = Connection.open(application.uri("ws", "/stomp"), "Origin", alice.origin());
                var second = Connection.open(application.uri("ws", "/stomp"), "Origin", alice.origin())) {
            first.send(connect);
            assertThat(first.next()).startsWith("CONNECTED\n").contains("\nuser-name:alice\n");
            first.send("SUBSCRIBE\nid:1\ndestination:/app/name\n\n\0");
            assertThat(first.next()).startsWith("MESSAGE\n").endsWith("\nalice\0");
            second.send(connect);
            assertThat(second.next()).startsWith("ERROR\nmessage:unauthorized\n");
        }
    }

    private static void assertIssuesAndRedeems(Application application) throws Exception {
        WebUser alice = application.user();
        assertThat(alice.post("/ticket/").statusCode()).isEqualTo(401);
        assertThat(alice.get("/realtime/name").statusCode()).isEqualTo(401);

        String ticket = alice.logsIn("alice", "ticket").ticket();

        assertThat(alice.get("/realtime/name").statusCode()).isEqualTo(401);
        assertThat(alice.get("/realtime/name?ticket=" + ticket).body()).isEqualTo("alice");
        assertThat(alice.get("/realtime/name?ticket=" + ticket).statusCode()).isEqualTo(401);
        assertThat(Connection.greeting(
                        application.uri("ws", "/realtime/socket?ticket=" + alice.ticket()), alice.origin()))
                .isEqualTo("Hello alice");
        assertThat(Ticket.parse(alice.get("/").body())).isPresent();
        assertThat(alice.get("/realtime-ticket/realtime-ticket.js").statusCode())
                .isEqualTo(200);
        assertThat(application.context().getBeansOfType(MicrometerTicketListener.class))
                .hasSize(1);
    }

    private static final class Redemptions extends SpanHandler {

        private final BlockingQueue<MutableSpan> spans = new LinkedBlockingQueue<>();

        @Override
        public boolean end(TraceContext context, MutableSpan span, Cause cause) {
            return !"redeem ticket".equals(span.name()) || spans.add(new MutableSpan(span));
        }
    }
}
