// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.examples.chat.realtime.RealtimeServer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** An event stream at {@code /feed}, behind the gate of some stack, that ends after each event. */
abstract class EventStream implements AutoCloseable {

    /** A stack. */
    enum Stack {
        SPRING_MVC,
        VERTX,
        JAKARTA
    }

    /** How a stream ends, one way after the other. */
    enum End {
        COMPLETED,
        FAILED,
        TIMED_OUT
    }

    /** How long a stream lasts that fails or times out, in milliseconds: a browser drops what came with the failure itself. */
    static final int SOON = 100;

    private final List<TicketEvent> heard = new CopyOnWriteArrayList<>();
    private final List<String> queries = new CopyOnWriteArrayList<>();
    private final Tickets tickets;
    private final String origin;

    EventStream(TicketStore store, String origin) {
        this.origin = origin;
        tickets = Tickets.builder(store)
                .audience(RealtimeServer.AUDIENCE)
                .listener(heard::add)
                .build();
    }

    static EventStream start(Stack stack, TicketStore store, String origin) throws Exception {
        return switch (stack) {
            case SPRING_MVC -> new SpringEventStream(store, origin);
            case VERTX -> new VertxEventStream(store, origin);
            case JAKARTA -> new JakartaEventStream(store, origin);
        };
    }

    /** Does something once the browser has read the event. */
    static void soon(Runnable action) {
        CompletableFuture.delayedExecutor(SOON, MILLISECONDS).execute(action);
    }

    abstract int port();

    @Override
    public abstract void close() throws Exception;

    String url() {
        return "http://localhost:" + port() + "/feed";
    }

    Gate gate() {
        return Gate.of(tickets);
    }

    Tickets tickets() {
        return tickets;
    }

    /** The text of a ticket that opens it. */
    String ticket() {
        Ticket ticket =
                tickets.issue(TicketHolder.of(1, "alice")).toCompletableFuture().join();
        return ticket.reveal();
    }

    /** The queries of the requests that were admitted, in order. */
    List<String> queries() {
        return queries;
    }

    /** What the gate has said so far. */
    <T extends TicketEvent> List<T> heard(Class<T> type) {
        return heard.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The origin whose pages may read it. */
    String origin() {
        return origin;
    }

    /** Takes a request down. */
    synchronized Admitted admit(String query, String username) {
        queries.add(query);
        int number = queries.size();
        return new Admitted(number, username, End.values()[number % End.values().length]);
    }

    /** A request that was admitted: what it is told, and how its stream ends then. */
    record Admitted(int number, String username, End end) {

        String data() {
            return "for " + username;
        }

        String event() {
            return "id: " + number + "\nevent: price\ndata: " + data() + "\n\n";
        }
    }
}
