// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** GraphQL over server-sent events, where the ticket is in the request as of any other path that a ticket opens. */
class GraphQlStreamTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @ParameterizedTest
    @EnumSource
    void aTicketOpensOneStreamWhichEndsWithTheLogin(Stack stack) throws Exception {
        try (Application application =
                Application.start(GraphQlApplication.class, stack.property(), "realtime-ticket.gate.paths=/graphql")) {
            String ticket = application.issue(TicketHolder.of(1, "alice"));
            Revocations revocations = application.bean(Revocations.class);

            HttpResponse<Stream<String>> stream = subscribe(application, "?ticket=" + ticket);
            assertThat(stream.statusCode()).isEqualTo(200);
            try (Stream<String> lines = stream.body()) {
                Iterator<String> data =
                        lines.filter(line -> line.startsWith("data:")).iterator();
                assertThat(data.next()).contains("Hello alice");
                assertThat(revocations.revoke(Revocation.holder(1)).toCompletableFuture())
                        .succeedsWithin(PATIENCE);
                assertThat(CompletableFuture.supplyAsync(() -> endsWithoutMore(data)))
                        .succeedsWithin(PATIENCE)
                        .isEqualTo(true);
            }
            assertThat(subscribe(application, "?ticket=" + ticket).statusCode()).isEqualTo(401);
            assertThat(subscribe(application, "").statusCode()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @EnumSource
    void t17_aStreamEndsAtItsDeadline(Stack stack) throws Exception {
        try (Application application = Application.start(
                GraphQlApplication.class,
                stack.property(),
                "realtime-ticket.gate.paths=/graphql",
                "realtime-ticket.connection.maximum-age=3s")) {
            String ticket = application.issue(TicketHolder.of(1, "alice"));

            try (Stream<String> lines =
                    subscribe(application, "?ticket=" + ticket).body()) {
                Iterator<String> data =
                        lines.filter(line -> line.startsWith("data:")).iterator();
                assertThat(data.next()).contains("Hello alice");
                assertThat(CompletableFuture.supplyAsync(() -> endsWithoutMore(data)))
                        .succeedsWithin(PATIENCE)
                        .isEqualTo(true);
            }
        }
    }

    private static boolean endsWithoutMore(Iterator<String> data) {
        try {
            return !data.hasNext() || data.next().isBlank();
        } catch (UncheckedIOException cutOff) {
            return true;
        }
    }

    private static HttpResponse<Stream<String>> subscribe(Application application, String query) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(application.uri("http", "/graphql" + query))
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .POST(BodyPublishers.ofString("{\"query\":\"subscription { greeting }\"}"))
                .build();
        return HTTP.send(request, BodyHandlers.ofLines());
    }
}
