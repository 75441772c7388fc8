// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static io.github.realtimeticket.spring.graphql.Messages.init;
import static io.github.realtimeticket.spring.graphql.Messages.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Wire;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** How a GraphQL session over a WebSocket ends with the login of its user, and with a connection that is lost. */
@ParameterizedClass
@EnumSource
class GraphQlEndTest {

    private static final TicketHolder BOB = TicketHolder.of(2, "bob");

    private static final String TOO_LATE = "{ me }";

    private static GraphQlSite site;

    GraphQlEndTest(Stack stack) {
        assertThat(stack).isNotNull();
    }

    @Configuration(proxyBeanMethods = false)
    @Import(GraphQlApplication.class)
    static class WithRevocations {

        @Bean
        Revocations revocations() {
            return Revocations.inMemory();
        }
    }

    @BeforeParameterizedClassInvocation
    static void start(Stack stack) {
        site = new GraphQlSite(stack, WithRevocations.class);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        site.close();
    }

    @Test
    void t16_aRevocationClosesTheSessionWithItsCode() throws Exception {
        try (Connection session = greeted(site.ticket(BOB))) {
            revoke(Revocation.holder(2));
            assertThat(session.closeCode()).isEqualTo(Revocation.UNAUTHORIZED);
        }
        try (Connection session = greeted(site.ticket(BOB))) {
            revoke(Revocation.holder(2).forbidden());
            assertThat(session.closeCode()).isEqualTo(Revocation.FORBIDDEN);
        }
        assertNoneIsLeft();
    }

    @Test
    void t17_theDeadlineClosesTheSession() throws Exception {
        try (Connection session = site.open()) {
            TicketGrant.Granted grant =
                    TicketGrant.to(BOB).withUntil(Instant.now().plusSeconds(4));
            String ticket = site.application()
                    .bean(Tickets.class)
                    .issue(grant, null)
                    .toCompletableFuture()
                    .join()
                    .reveal();
            session.send(init(ticket));
            assertThat(session.next()).contains("connection_ack");

            assertThat(session.closeCode()).isEqualTo(Revocation.UNAUTHORIZED);
        }
        assertNoneIsLeft();
    }

    @Test
    void t16_nothingFollowsTheCloseCodeAndWhoeverIsToldToGoIsHeardNoMore() throws Exception {
        try (Wire client = ticking(1)) {
            assertThat(client.frame()).startsWith("text ").contains("\"ticking\":\"t\"");
            revoke(Revocation.holder(2));

            String frame = client.frame();
            while (frame.startsWith("text ")) {
                frame = client.frame();
            }
            assertThat(frame).isEqualTo("close " + Revocation.UNAUTHORIZED);
            sendLate(client);
            assertThatThrownBy(client::frame).isInstanceOf(IOException.class);
        }
        assertNoneIsLeft();
        assertThat(site.seen()).doesNotContain(TOO_LATE);
    }

    @Test
    void t16_whoeverReadsNothingIsHeardNoMoreAndIsCutOff() throws Exception {
        try (Wire client = ticking(60_000)) {
            awaitNoMoreIsTaken();
            site.application().bean(Gate.class).connections().stream()
                    .forEach(connection -> connection.close(Revocation.UNAUTHORIZED, "unauthorized"));

            // Whose connection is closed cannot write for long.
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThatThrownBy(() -> client.text(subscribe("2", TOO_LATE)))
                            .isInstanceOf(IOException.class));
        }
        assertNoneIsLeft();
        assertThat(site.seen()).doesNotContain(TOO_LATE);
    }

    @Test
    void aConnectionThatIsLostIsForgotten() throws Exception {
        try (Connection session = greeted(site.ticket(BOB))) {
            assertThat(site.application().bean(Gate.class).connections().count())
                    .isOne();
        }
        assertNoneIsLeft();
    }

    private static void revoke(Revocation revocation) {
        site.application()
                .bean(Revocations.class)
                .revoke(revocation)
                .toCompletableFuture()
                .join();
    }

    private static Connection greeted(String ticket) throws Exception {
        Connection session = site.open();
        session.send(init(ticket));
        assertThat(session.next()).contains("connection_ack");
        session.send(subscribe("1", "subscription { greeting }"));
        assertThat(session.next()).contains("Hello bob");
        return session;
    }

    /** A session of bob's with a subscription that says much. */
    private static Wire ticking(int size) throws Exception {
        var client = new Wire(site.application().port());
        client.handshake("/graphql");
        assertThat(client.answer().status()).isEqualTo(101);
        client.text(init(site.ticket(BOB)));
        assertThat(client.frame()).contains("connection_ack");
        client.text(subscribe("1", "subscription { ticking(size: " + size + ") }"));
        return client;
    }

    /** The connection may be gone already. */
    private static void sendLate(Wire client) {
        try {
            client.text(subscribe("2", TOO_LATE));
            client.goodbye();
        } catch (IOException gone) {
            assertThat(gone).isInstanceOf(SocketException.class);
        }
    }

    private static void awaitNoMoreIsTaken() {
        AtomicInteger ticks = site.application().bean(GraphQlApplication.class).ticks;
        var before = new AtomicInteger();
        await().pollInterval(Duration.ofSeconds(2))
                .atMost(Duration.ofMinutes(1))
                .until(() -> {
                    int now = ticks.get();
                    return before.getAndSet(now) == now && now > 0;
                });
    }

    private static void assertNoneIsLeft() {
        eventually(() -> site.application().bean(Gate.class).connections().count() == 0);
    }
}
