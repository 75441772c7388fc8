// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import brave.Span;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnections;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.websocket.TicketHandshakeHandler;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An application that is scraped and traced has what the dashboard and the page on monitoring speak of. */
class DashboardTest {

    private static final Pattern SELECTOR = Pattern.compile("(realtime_ticket_\\w+)(?:\\{([^}]*)})?");
    private static final Pattern ALERT = Pattern.compile("^\\| `([^`]*realtime_ticket_[^`]*)`", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("(\\w+)=~?\"([^\"]*)\"");
    private static final Pattern BY = Pattern.compile("by \\(([^)]*)\\)");
    private static final Pattern SERIES =
            Pattern.compile("^(realtime_ticket_\\w+?)(?:\\{(.*)})? \\S+$", Pattern.MULTILINE);

    /** Prometheus itself adds them. */
    private static final Set<String> ADDED = Set.of("job", "instance");

    private static final Spans SPANS = new Spans();

    private static Application application;
    private static WebUser alice;

    @BeforeAll
    static void start() throws Exception {
        application = Application.start(
                Site.class,
                "realtime-ticket.gate.paths=/realtime/**",
                "management.endpoints.web.exposure.include=prometheus",
                "management.tracing.sampling.probability=1.0");
        alice = application.user().logsIn("alice", "ticket");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void everyNameAndLabelOfTheDashboardIsScraped() throws Exception {
        liveOneLife();

        String scraped = alice.get("/actuator/prometheus").body();

        Map<String, List<Map<String, String>>> series = SERIES.matcher(scraped)
                .results()
                .collect(Collectors.groupingBy(
                        found -> found.group(1), Collectors.mapping(DashboardTest::labels, Collectors.toList())));
        List<String> expressions = expressions();
        assertThat(expressions).hasSizeGreaterThan(15).allMatch(expression -> expression.contains("realtime_ticket_"));
        List<String> alerts = alerts();
        assertThat(alerts).hasSize(4);
        for (String expression :
                Stream.concat(expressions.stream(), alerts.stream()).toList()) {
            SELECTOR.matcher(expression).results().forEach(selector -> {
                List<Map<String, String>> found = series.getOrDefault(selector.group(1), List.of());
                assertThat(found).as(expression).isNotEmpty();
                assertThat(found).as(expression).allSatisfy(labels -> assertThat(labels.keySet())
                        .containsAll(grouped(expression)));
                labels(selector).forEach((label, values) -> {
                    if (!ADDED.contains(label)) {
                        assertThat(found.stream().map(labels -> labels.get(label)))
                                .as(expression)
                                .contains(values.split("\\|"));
                    }
                });
            });
        }
        String shown = String.join("\n", expressions);
        assertThat(series.keySet().stream().filter(name -> !name.endsWith("_max")))
                .as("everything that is counted is shown")
                .allMatch(name -> shown.contains(name.replaceAll("(?<=_seconds)_(sum|count)$", "")));
        assertThat(scraped).contains("tickets_feed_behind 0.0").doesNotContain("alice");
    }

    @Test
    void oneTraceShowsTheRequestForTheTicketAndItsRedemption() throws Exception {
        SPANS.all.clear();
        String ticket = alice.ticket("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        try (Connection connection = Connection.open(socket(ticket))) {
            assertThat(connection.status()).isEqualTo(101);
        }

        MutableSpan redemption = SPANS.await(span -> "redeem ticket".equals(span.name()));
        MutableSpan issue = SPANS.await(
                span -> span.kind() == Span.Kind.SERVER && span.traceId().equals(redemption.traceId()));
        assertThat(issue.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(issue.tag("method")).isEqualTo("POST");
        assertThat(redemption.tag("outcome")).isEqualTo("admitted");
        assertThat(SPANS.all)
                .filteredOn(span -> "redeem ticket".equals(span.name()))
                .hasSize(1);
        assertThat(SPANS.all.toString()).doesNotContain(ticket);
    }

    private static void liveOneLife() throws Exception {
        String ticket = alice.ticket();
        try (Connection connection = Connection.open(socket(ticket))) {
            assertThat(Connection.status(socket(ticket))).isEqualTo(401);
            assertThat(application.bean(Revocations.class).revoke(Revocation.holder("alice")))
                    .isCompleted();
            assertThat(connection.closeCode()).isEqualTo(3000);
        }
        LiveConnections live = application.bean(Gate.class).connections();
        eventually(() -> live.count() == 0);
    }

    private static URI socket(String ticket) {
        return application.uri("ws", "/realtime/socket?ticket=" + ticket);
    }

    private static List<String> expressions() {
        JsonNode dashboard = JsonMapper.shared().readTree(Path.of("grafana", "realtime-ticket.json"));
        return dashboard.findValues("expr").stream().map(JsonNode::asString).toList();
    }

    private static List<String> alerts() throws IOException {
        return ALERT.matcher(Files.readString(Path.of("monitoring.md")))
                .results()
                .map(alert -> alert.group(1))
                .toList();
    }

    /** What a whole expression groups by. */
    private static List<String> grouped(String expression) {
        return BY.matcher(expression)
                .results()
                .flatMap(by -> Arrays.stream(by.group(1).split(", ")))
                .toList();
    }

    private static Map<String, String> labels(MatchResult found) {
        return LABEL.matcher(Objects.requireNonNullElse(found.group(2), ""))
                .results()
                .collect(Collectors.toMap(label -> label.group(1), label -> label.group(2)));
    }

    /** What the tracer would have sent. */
    private static final class Spans extends SpanHandler {

        private final Queue<MutableSpan> all = new ConcurrentLinkedQueue<>();

        @Override
        public boolean end(TraceContext context, MutableSpan span, Cause cause) {
            all.add(new MutableSpan(span));
            return true;
        }

        MutableSpan await(Predicate<MutableSpan> wanted) {
            eventually(() -> all.stream().anyMatch(wanted));
            return all.stream().filter(wanted).findFirst().orElseThrow();
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Site {

        @Bean
        SpanHandler spans() {
            return SPANS;
        }

        @Bean
        MeterBinder feed(Revocations revocations) {
            return meters -> Gauge.builder("tickets.feed.behind", revocations, feed -> feed.isCurrent() ? 0 : 1)
                    .register(meters);
        }

        @Configuration(proxyBeanMethods = false)
        @EnableWebSocket
        static class Sockets implements WebSocketConfigurer {

            @Override
            public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
                registry.addHandler(new TextWebSocketHandler(), "/realtime/socket")
                        .setHandshakeHandler(new TicketHandshakeHandler())
                        .setAllowedOriginPatterns("*");
            }
        }
    }
}
