// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static io.github.realtimeticket.fixtures.StoreWithRedis.PATIENCE;
import static io.github.realtimeticket.spring.graphql.Messages.init;
import static io.github.realtimeticket.spring.graphql.Messages.initWith;
import static io.github.realtimeticket.spring.graphql.Messages.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.FirstMessageScenarios;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.redis.RedisTicketStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a ticket in the first message of GraphQL over WebSocket, as of one in a handshake. */
@ParameterizedClass
@CsvSource({"SERVLET, IN_MEMORY", "SERVLET, IN_REDIS", "REACTIVE, IN_MEMORY", "REACTIVE, IN_REDIS"})
class GraphQlGateTest extends FirstMessageScenarios {

    private static final String GREETING = subscribe("1", "subscription { greeting }");

    private static final Deque<AutoCloseable> PARTS = new ArrayDeque<>();

    private static GraphQlSite site;

    enum Kept {
        IN_MEMORY,
        IN_REDIS
    }

    GraphQlGateTest(Stack stack, Kept tickets) {
        assertThat(stack).isNotNull();
        assertThat(tickets).isNotNull();
    }

    @BeforeParameterizedClassInvocation
    static void start(Stack stack, Kept tickets) throws Exception {
        RemoteStore store = tickets == Kept.IN_MEMORY ? new RemoteStore() : new RemoteStore(inRedis());
        site = new GraphQlSite(store, stack, GraphQlApplication.class);
        PARTS.push(site);
    }

    private static TicketStore inRedis() throws IOException {
        var tickets = new StoreWithRedis(
                uri -> RedisTicketStore.builder(uri).timeout(PATIENCE).build());
        PARTS.push(tickets);
        return tickets;
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        while (!PARTS.isEmpty()) {
            PARTS.pop().close();
        }
    }

    @Override
    protected Application application() {
        return site.application();
    }

    @Override
    protected String message(String ticket) {
        return init(ticket);
    }

    @Override
    protected String message(String ticket, String origin) {
        return initWith("{\"origin\":\"" + origin + "\",\"ticket\":\"" + ticket + "\"}");
    }

    @Override
    protected Callable<Boolean> racer(String message) throws Exception {
        Connection session = site.open();
        return () -> {
            try (session) {
                session.send(message);
                return session.next().contains("connection_ack");
            }
        };
    }

    @Override
    protected void outOfReach(boolean down) {
        if (down) {
            site.store().down();
        } else {
            site.store().up();
        }
    }

    @Test
    void aTicketInTheFirstMessageMakesItsHolderTheUserOfEveryOperation() throws Exception {
        try (Connection session = site.open()) {
            session.send(init(site.ticket()));
            assertThat(session.next()).contains("connection_ack");

            session.send(GREETING);
            assertThat(session.next()).contains("\"next\"", "Hello alice");
            session.send(subscribe("2", "{ me roles holder }"));
            assertThat(session.next()).contains("\"me\":\"alice\"", "\"roles\":\"alice []\"", "\"holder\":\"1 alice\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"short\"", "5", "true", "{}", "[]", "[\"AAAAAAAAAAAAAAAAAAAAAAAAAAA\"]"})
    void t2_garbageIsRefusedBeforeTheStoreIsAsked(String ticket) throws Exception {
        assertRefused(Refusal.MALFORMED, initWith("{\"ticket\":" + ticket + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "{\"ticket\":null}", "{\"Ticket\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"})
    void t11_aPayloadWithoutATicketIsRefused(String payload) throws Exception {
        assertRefused(Refusal.MISSING, initWith(payload));
    }

    @Test
    void t11_aMessageWithoutAPayloadIsRefused() throws Exception {
        assertRefused(Refusal.MISSING, "{\"type\":\"connection_init\"}");
    }

    @Test
    void t10_ofTwoTicketsTheLastIsTheOnlyOneThatIsSeen() throws Exception {
        String first = site.ticket();
        String last = site.ticket();

        assertAdmitted(initWith("{\"ticket\":\"" + first + "\",\"ticket\":\"" + last + "\"}"));
        assertThat(site.isGood(first)).isTrue();
        assertThat(site.isGood(last)).isFalse();
    }

    @Test
    void t10_aTicketInTheAddressIsNotSeen() throws Exception {
        String inAddress = site.ticket();

        try (Connection session = Connection.open(site.application().uri("ws", "/graphql?ticket=" + inAddress))) {
            session.send(initWith("{}"));
            assertThat(session.closeCode()).isEqualTo(4401);
        }
        assertThat(site.isGood(inAddress)).isTrue();
    }

    @Test
    void anOperationBeforeTheFirstMessageIsRefused() throws Exception {
        assertRefused(Refusal.MISSING, GREETING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hello", "{}", "{\"type\":\"connection_ack\"}", "{\"type\":\"connection_init\",\"payload\":7}"})
    void t11_whatIsNoMessageOfTheProtocolIsRefused(String message) throws Exception {
        assertRefused(Refusal.UNSUITABLE, message);
    }

    @Test
    void aSecondFirstMessageEndsTheSessionAndUsesUpNoTicket() throws Exception {
        String second = site.ticket();

        try (Connection session = site.open()) {
            session.send(init(site.ticket()));
            assertThat(session.next()).contains("connection_ack");
            session.send(init(second));

            assertThat(session.closeCode()).isEqualTo(4429);
        }
        assertThat(site.isGood(second)).isTrue();
    }

    @Override
    protected void assertAdmitted(String message, String... headers) throws Exception {
        try (Connection session = site.open(headers)) {
            session.send(message);
            assertThat(session.next()).contains("connection_ack");
            session.send(GREETING);
            assertThat(session.next()).contains("Hello alice");
        }
    }

    @Override
    protected void assertRefused(Refusal reason, String message, String... headers) throws Exception {
        int before = site.refusals().size();
        try (Connection session = site.open(headers)) {
            session.send(message);

            assertThat(session.next()).isEqualTo(Connection.CLOSED);
            assertThat(session.closeCode()).isEqualTo(4000 + reason.status());
        }
        // Of what Spring itself refuses, the gate is told when the session is over.
        List<Refusal> told = reason == Refusal.FAILED ? List.of() : List.of(reason);
        eventually(() -> site.refusals().subList(before, site.refusals().size()).equals(told));
    }
}
