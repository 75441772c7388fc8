// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static io.github.realtimeticket.testkit.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every integration must pass: a real server around a {@link Gate}, tried from outside over bare sockets.
 *
 * <p>The server is started once for a carrier and serves all tests of the class.
 */
public abstract class GateContract extends BackendContract {

    private FarStore store;
    private Tickets tickets;
    private RunningServer byQuery;
    private RunningServer bySubprotocol;

    /**
     * Starts a server on a free port of the loopback interface that admits connection requests through this gate.
     *
     * <p>To an admitted WebSocket it sends the holder's username as the first text message, and it supports the subprotocol
     * {@code chat}. A server for plain requests, whose address starts with {@code http:}, answers 200 with the username in the
     * body.
     */
    protected abstract RunningServer serve(Gate gate) throws Exception;

    /**
     * The store that the tickets are in, empty and for this class alone; in memory by default. It is closed at the end if it can be.
     *
     * @param nanoTime the time, for a store that takes its clock from outside; one with a clock of its own is given real time, a second for a
     *     class
     */
    protected TicketStore store(LongSupplier nanoTime) throws Exception {
        return new InMemoryTicketStore(InMemoryTicketStore.DEFAULT_MAXIMUM, nanoTime);
    }

    /** The subprotocol that the server supports, and so echoes; none where its framework has no way to. */
    protected List<String> subprotocols() {
        return List.of("chat");
    }

    /**
     * Whether no request behind a handshake on the same connection reaches the gate. Where a framework serves the next one before it has
     * upgraded the connection, and does not tell a gate so, it opens nothing and uses up its ticket: such a gate says {@code false}.
     */
    protected boolean keepsTicketsBehindAHandshake() {
        return true;
    }

    /** A server that was started. */
    public interface RunningServer extends AutoCloseable {

        /** The address of the guarded endpoint: {@code ws://127.0.0.1:port/path} or {@code http://127.0.0.1:port/path}. */
        URI uri();

        /** Stops the server. */
        @Override
        void close() throws IOException;

        /** One whose endpoint is here whenever somebody asks, and which this stops. */
        static RunningServer of(Supplier<URI> uri, Closeable stop) {
            return new RunningServer() {
                @Override
                public URI uri() {
                    return uri.get();
                }

                @Override
                public void close() throws IOException {
                    stop.close();
                }
            };
        }
    }

    @BeforeAll
    void start() throws Exception {
        store = new FarStore(this::store);
        tickets = Tickets.builder(store).audience(AUDIENCE).build();
        byQuery = serve(Gate.of(tickets));
        bySubprotocol =
                serve(Gate.builder(tickets).carrier(TicketCarrier.subprotocol()).build());
    }

    /** The servers before their store. */
    @AfterAll
    void stop() throws Exception {
        try (FarStore last = store;
                RunningServer first = byQuery;
                RunningServer second = bySubprotocol) {
            assertThat(last).isNotNull();
            assertThat(first).isNotSameAs(second);
        }
    }

    @Test
    void t10_aTicketInTheQueryIsNotSeenWhereItTravelsAsSubprotocol() throws Exception {
        Ticket ticket = issue("alice");

        Opening inQuery = open(bySubprotocol.uri(), "ticket=" + ticket.reveal());

        assertRefused(inQuery, Refusal.MISSING);
        assertAdmitted(open("ticket=" + ticket.reveal()), "alice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-WebSocket-Protocol: chat, ticket.TEXT",
                "sec-websocket-protocol: ticket.TEXT\nSec-WebSocket-Protocol: chat"
            })
    void t10_aTicketTravelsAsSubprotocolInAnyOrderAndIsNotEchoed(String lines) throws Exception {
        String[] headerLines = lines.replace("TEXT", issue("alice").reveal()).split("\n", -1);

        Opening opening = open(bySubprotocol.uri(), "", headerLines);

        assertAdmitted(opening, "alice");
        if (opening.status() == 101) {
            assertThat(opening.header("Sec-WebSocket-Protocol")).isEqualTo(subprotocols());
        }
    }

    @Test
    void t10_twoTicketsAsSubprotocolsAreRefused() throws Exception {
        Ticket one = issue("alice");
        Ticket two = issue("alice");

        Opening opening = open(
                bySubprotocol.uri(),
                "",
                "Sec-WebSocket-Protocol: chat, ticket." + one.reveal() + ", ticket." + two.reveal());

        assertRefused(opening, Refusal.AMBIGUOUS);
    }

    @Nested
    class WhatNobodySendsWhoMeansWell extends OddScenarios {
        WhatNobodySendsWhoMeansWell() {
            super(GateContract.this);
        }
    }

    @Override
    protected final URI uri() {
        return byQuery.uri();
    }

    @Override
    protected final Ticket issue(TicketHolder holder, TicketBinding binding) {
        return await(tickets.issue(holder, binding));
    }

    @Override
    protected final Ticket expired() throws Exception {
        Duration second = Duration.ofSeconds(1);
        Tickets shortLived =
                Tickets.builder(store).audience(AUDIENCE).timeToLive(second).build();
        Ticket ticket = await(shortLived.issue(TicketHolder.of(1, "alice"), binding()));
        store.pass(second);
        return ticket;
    }

    @Override
    protected final int asked() {
        return store.asked();
    }

    @Override
    protected final void outOfReach(boolean outOfReach) {
        store.outOfReach(outOfReach);
    }
}
