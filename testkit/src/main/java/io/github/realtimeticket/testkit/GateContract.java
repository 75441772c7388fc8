// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What every integration must pass: a real server around a {@link Gate}, tried from outside over bare sockets.
 *
 * <p>The server is started once for a carrier and serves all tests of the class.
 */
public abstract class GateContract extends BackendContract {

    private final FarStore store = new FarStore();
    private final Tickets tickets = Tickets.builder(store).audience(AUDIENCE).build();
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

    /** A server that was started. */
    public interface RunningServer extends AutoCloseable {

        /** The address of the guarded endpoint: {@code ws://127.0.0.1:port/path} or {@code http://127.0.0.1:port/path}. */
        URI uri();

        /** Stops the server. */
        @Override
        void close() throws IOException;
    }

    @BeforeAll
    void start() throws Exception {
        byQuery = serve(Gate.of(tickets));
        bySubprotocol =
                serve(Gate.builder(tickets).carrier(TicketCarrier.subprotocol()).build());
    }

    @AfterAll
    void stop() throws Exception {
        try (RunningServer first = byQuery;
                RunningServer second = bySubprotocol) {
            assertThat(first).isNotSameAs(second);
        }
    }

    @Test
    void t10_aTicketInTheQueryIsNotSeenWhereItTravelsAsSubprotocol() throws Exception {
        Ticket ticket = issue("alice");

        Opening inQuery = openAt(bySubprotocol.uri(), "ticket=" + ticket.reveal());

        assertRefused(inQuery, Refusal.MISSING);
        assertAdmitted(open("ticket=" + ticket.reveal()), "alice");
    }

    @Test
    void t10_aTicketTravelsAsSubprotocolAndIsNotEchoed() throws Exception {
        Ticket ticket = issue("alice");

        Opening opening = openAt(bySubprotocol.uri(), "", "Sec-WebSocket-Protocol: chat, ticket." + ticket.reveal());

        assertAdmitted(opening, "alice");
        if (opening.status() == 101) {
            assertThat(opening.header("Sec-WebSocket-Protocol")).containsExactly("chat");
        }
    }

    @Test
    void t10_theOrderAndLinesOfSubprotocolsDoNotMatter() throws Exception {
        Ticket ticket = issue("alice");

        Opening opening = openAt(
                bySubprotocol.uri(),
                "",
                "sec-websocket-protocol: ticket." + ticket.reveal(),
                "Sec-WebSocket-Protocol: chat");

        assertAdmitted(opening, "alice");
        if (opening.status() == 101) {
            assertThat(opening.header("Sec-WebSocket-Protocol")).containsExactly("chat");
        }
    }

    @Test
    void t10_twoTicketsAsSubprotocolsAreRefused() throws Exception {
        Ticket one = issue("alice");
        Ticket two = issue("alice");

        Opening opening = openAt(
                bySubprotocol.uri(),
                "",
                "Sec-WebSocket-Protocol: chat, ticket." + one.reveal() + ", ticket." + two.reveal());

        assertRefused(opening, Refusal.AMBIGUOUS);
    }

    @Override
    protected final URI uri() {
        return byQuery.uri();
    }

    @Override
    protected final Ticket issue(TicketHolder holder, TicketBinding binding) {
        return tickets.issue(holder, binding).toCompletableFuture().join();
    }

    @Override
    protected final Ticket expired() throws Exception {
        Ticket ticket = issue("alice");
        store.pass(Duration.ofSeconds(11));
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
