// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.WebUser;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.graphql.autoconfigure.GraphQlSourceBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ByteArrayResource;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Issuing, for a request and in a page, redeeming, in the first message of GraphQL too, and a logout block no thread that must not wait. */
class NothingBlocksTest {

    private static final List<String> BLOCKED = new CopyOnWriteArrayList<>();

    @Import(PageTicketTest.Pages.class)
    static class PagesAndGraphQl {

        @Bean
        GraphQlSourceBuilderCustomizer schema() {
            byte[] schema = "type Query { me: String }".getBytes(StandardCharsets.UTF_8);
            return source -> source.schemaResources(new ByteArrayResource(schema));
        }
    }

    @BeforeAll
    static void watch() {
        BlockHound.builder()
                .loadIntegrations()
                .blockingMethodCallback(method -> BLOCKED.add(method + where()))
                // The operating system's source of random bits has them at once.
                .allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "implNextBytes")
                .allowBlockingCallsInside("sun.security.provider.SeedGenerator", "generateSeed")
                .install();
    }

    @Test
    void whatBlocksIsSeen() {
        var unused = Mono.fromRunnable(() -> sleep())
                .subscribeOn(Schedulers.parallel())
                .block();

        assertThat(BLOCKED).anyMatch(blocked -> blocked.contains("whatBlocksIsSeen"));
        BLOCKED.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "redis"})
    void nothingBlocks(String store) throws Exception {
        try (var redis = new Redis();
                var application = Application.start(
                        PagesAndGraphQl.class,
                        "realtime-ticket.store=" + store,
                        "realtime-ticket.redis.url=" + redis.url(),
                        "realtime-ticket.redis.timeout=5s",
                        "realtime-ticket.revocations.enabled=true",
                        "realtime-ticket.gate.graphql=true",
                        "spring.graphql.websocket.path=/graphql",
                        SmallApplication.PATHS)) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            // The first of each reads templates and classes.
            assertThat(alice.get("/later").statusCode()).isEqualTo(200);
            BLOCKED.clear();

            for (int i = 0; i < 10; i++) {
                try (var socket = Connection.open(application.uri("ws", "/realtime/socket?ticket=" + alice.ticket()))) {
                    assertThat(socket.next()).isEqualTo("alice");
                }
            }
            assertThat(application
                            .user()
                            .get("/realtime/events?ticket=" + alice.ticket())
                            .body())
                    .isEqualTo("data:alice\n\n");
            try (var socket = Connection.open(application.uri("ws", "/graphql"))) {
                socket.send("{\"type\":\"connection_init\",\"payload\":{\"ticket\":\"" + alice.ticket() + "\"}}");
                assertThat(socket.next()).contains("connection_ack");
            }
            assertThat(application.user().get("/realtime/plain").statusCode()).isEqualTo(401);
            assertThat(application.user().post("/ticket/").statusCode()).isEqualTo(401);
            for (String page : List.of("/name", "/later", "/future")) {
                assertThat(alice.get(page).body()).containsPattern("\\[<b>[A-Za-z0-9_-]+</b>]");
            }
            try (var socket = Connection.open(application.uri("ws", "/realtime/socket?ticket=" + alice.ticket()))) {
                assertThat(socket.next()).isEqualTo("alice");
                assertThat(alice.post("/logout").statusCode()).isEqualTo(302);
                assertThat(socket.closeCode()).isEqualTo(3000);
            }

            assertThat(BLOCKED).isEmpty();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String where() {
        return Arrays.stream(Thread.currentThread().getStackTrace())
                .map(frame -> "\n  " + frame)
                .reduce("", String::concat);
    }
}
