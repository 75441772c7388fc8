// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.interop.Tools;
import java.io.InputStream;
import java.net.HttpCookie;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.Principal;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.graphql.autoconfigure.GraphQlSourceBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.graphql.data.method.annotation.SubscriptionMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code graphql-ws} and {@code graphql-sse} in Node.js, with tickets of this project's client. */
class NodeTest {

    @AutoClose
    private static Application site;

    private static Path directory;
    private static WebUser alice;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Controller
    static class GreetingSite {

        private static final String SCHEMA = "type Query { me: String } type Subscription { greeting: String! }";

        @Bean
        GraphQlSourceBuilderCustomizer schema() {
            return source -> source.schemaResources(new ByteArrayResource(SCHEMA.getBytes(StandardCharsets.UTF_8)));
        }

        @SubscriptionMapping
        Flux<String> greeting(Principal user) {
            return Flux.concat(Mono.just("Hello " + user.getName()), Flux.never());
        }
    }

    @BeforeAll
    static void start() throws Exception {
        directory = Tools.nodeModules(Path.of("graphql")).getParent();
        Path unused = Files.copy(
                Path.of("graphql", "client.mjs"), directory.resolve("client.mjs"), StandardCopyOption.REPLACE_EXISTING);
        site = Application.start(
                GreetingSite.class,
                "realtime-ticket.time-to-live=60s",
                "realtime-ticket.gate.graphql=true",
                "realtime-ticket.gate.paths=/events",
                "spring.graphql.websocket.path=/graphql",
                "spring.graphql.http.path=/events");
        alice = site.user().logsIn("alice", "ticket");
        Files.writeString(
                directory.resolve("realtime-ticket.mjs"),
                alice.get("/realtime-ticket/realtime-ticket.js").body());
    }

    @Test
    void aClientHasATicketForEachConnection() throws Exception {
        assertThat(said("comes-back")).startsWith("Hello alice", "closed with 4499", "Hello alice");
    }

    @Test
    void aTicketThatIsNoGoodIsTheEndUnlessThePageSaysOtherwise() throws Exception {
        String unknown = UUID.randomUUID().toString();

        assertThat(said("plain", unknown)).containsExactly("failed with 4401");
        assertThat(said("comes-back", unknown)).startsWith("closed with 4401", "Hello alice");
    }

    @Test
    void aTicketOfAnotherAudienceIsNotTheEndUnlessThePageSaysSo() throws Exception {
        assertThat(said("comes-back", foreign())).startsWith("closed with 4403", "Hello alice");
        assertThat(said("stays-away", foreign())).containsExactly("closed with 4403", "failed with 4403");
    }

    private static String foreign() {
        return site.bean(Tickets.class)
                .issue(TicketHolder.of(1, "alice"), TicketBinding.none().withAudience("billing"))
                .toCompletableFuture()
                .join()
                .reveal();
    }

    @Test
    void aTicketOpensOneStream() throws Exception {
        String ticket = alice.ticket();

        assertThat(said("events")).containsExactly("Hello alice", "complete");
        assertThat(said("events", ticket)).containsExactly("Hello alice", "complete");
        assertThat(said("events", ticket)).containsExactly("failed with 401");
    }

    private static List<String> said(String way, String... first) throws Exception {
        String cookies = alice.cookies().stream().map(HttpCookie::toString).collect(Collectors.joining("; "));
        List<String> command = Stream.concat(
                        Stream.of("node", "client.mjs", way, alice.origin(), cookies, alice.csrf()), Stream.of(first))
                .toList();
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        try (InputStream output = process.getInputStream()) {
            List<String> lines = new String(output.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(process.waitFor()).as(() -> String.join("\n", lines)).isZero();
            return lines;
        }
    }
}
