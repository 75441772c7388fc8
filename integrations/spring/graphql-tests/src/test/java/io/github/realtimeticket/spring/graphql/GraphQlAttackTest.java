// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static io.github.realtimeticket.spring.graphql.Messages.init;
import static io.github.realtimeticket.spring.graphql.Messages.initWith;
import static io.github.realtimeticket.spring.graphql.Messages.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.fixtures.Connection;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Clients of GraphQL over WebSocket that keep to no protocol: nobody is let in, and nothing is written of it but what is meant to be. */
@ParameterizedClass
@EnumSource
@ExtendWith(OutputCaptureExtension.class)
class GraphQlAttackTest {

    private static final String GREETING = subscribe("1", "subscription { greeting }");
    private static final String UNKNOWN = "AAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private static final Pattern BROKEN = Pattern.compile("^\\tat (org.springframework|io.github)| ERROR |" + UNKNOWN);

    private static GraphQlSite site;

    @Parameter
    Stack stack;

    @BeforeParameterizedClassInvocation
    static void start(Stack stack) {
        site = new GraphQlSite(stack, GraphQlApplication.class);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        site.close();
    }

    @AfterEach
    void nothingIsBroken(CapturedOutput output) throws Exception {
        site.store().up();
        try (Connection session = site.open()) {
            session.send(init(site.ticket()));
            String said = session.next();
            assertThat(said.equals(Connection.CLOSED) ? said + " " + session.closeCode() : said)
                    .contains("connection_ack");
            session.send(GREETING);
            assertThat(session.next()).contains("Hello alice");
        }
        assertThat(output.getAll().lines().filter(line -> BROKEN.matcher(line).find()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "null",
                "[]",
                "{}",
                "{\"type\":null}",
                "{\"type\":\"connection_ack\"}",
                "{\"type\":\"subscription_start\"}",
                "{\"type\":\"connection_init\",\"payload\":{\"ticket\":" + UNKNOWN + "}}",
                "{\"type\":\"connection_init\",\"payload\":{\"ticket\":\"" + UNKNOWN + "\"",
                "{\"type\":\"connection_init\",\"payload\":\"" + UNKNOWN + "\"}",
                "{\"type\":\"connection_init\",\"payload\":[\"" + UNKNOWN + "\"]}",
                "{\"type\":\"connection_init\",\"payload\":7}"
            })
    void whatIsNoMessageOfTheProtocolEndsTheSession(String message) throws Exception {
        try (Connection session = site.open()) {
            session.send(message);

            assertThat(session.closeCode()).isEqualTo(4400);
        }
    }

    @Test
    void aHugePayloadEndsTheSession() throws Exception {
        try (Connection session = site.open()) {
            // The end may come before all of it is sent.
            CompletableFuture<WebSocket> unused = session.socket()
                    .sendText(
                            initWith("{\"ticket\":\"" + UNKNOWN + "\",\"more\":\"" + "x".repeat(300_000) + "\"}"),
                            true);

            assertThat(session.next()).isEqualTo(Connection.CLOSED);
        }
    }

    @Test
    void anOperationWhileTheTicketIsDecidedOnIsNobodys() throws Exception {
        String ticket = site.ticket();
        int seen = site.seen().size();
        site.store().hold();
        try (Connection session = site.open()) {
            session.send(init(ticket));
            site.store().awaitTake();
            session.send(GREETING);
            if (stack == Stack.REACTIVE) {
                assertThat(session.closeCode()).isEqualTo(4401);
                assertThat(site.seen()).hasSize(seen);
            }
            site.store().up();

            // A servlet container reads it when the first is decided on.
            assertThat(session.next())
                    .matches(said ->
                            stack == Stack.REACTIVE ? said.equals(Connection.CLOSED) : said.contains("connection_ack"));
            if (stack == Stack.SERVLET) {
                assertThat(session.next()).contains("Hello alice");
            }
        }
    }

    @Test
    void twoFirstMessagesAtOnceOpenNothing() throws Exception {
        String one = site.ticket();
        String two = site.ticket();
        site.store().hold();
        try (Connection session = site.open()) {
            session.send(init(one));
            site.store().awaitTake();
            session.send(init(two));
            if (stack == Stack.REACTIVE) {
                assertThat(session.closeCode()).isEqualTo(4429);
            }
            site.store().up();

            assertThat(session.closeCode()).isEqualTo(4429);
        }
        assertThat(site.isGood(two)).isTrue();
    }

    @Test
    void aClientMayLeaveWhileTheStoreIsAsked() throws Exception {
        String ticket = site.ticket();
        site.store().hold();
        try (Connection session = site.open()) {
            session.send(init(ticket));
            site.store().awaitTake();
        }
        site.store().up();

        eventually(() -> site.hasRedeemed(ticket));
        eventually(() -> site.application().bean(Gate.class).connections().count() == 0);
    }

    @Test
    void pingsOpenNothing() throws Exception {
        try (Connection session = site.open()) {
            session.send("{\"type\":\"ping\"}");
            assertThat(session.next()).contains("pong");
            session.send("{\"id\":\"1\",\"type\":\"complete\"}");
            session.send(GREETING);

            assertThat(session.closeCode()).isEqualTo(4401);
        }
    }
}
