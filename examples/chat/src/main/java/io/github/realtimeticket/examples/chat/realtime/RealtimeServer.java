// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.realtime;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The chat on {@code ws://localhost:port/chat}, open to whoever has a ticket for the audience {@value #AUDIENCE}.
 *
 * <p>It knows nothing of the web application and its users, only the store that the two share, and what is revoked there: a connection
 * is closed when the login ends that it came from (T16). Thread-safe.
 */
public final class RealtimeServer implements AutoCloseable {

    /** The name of this backend, which tickets may be bound to. */
    public static final String AUDIENCE = "chat";

    /** The page has the same: within two thirds of it, either side hears of the other. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private final Vertx vertx;
    private final int port;

    private RealtimeServer(Vertx vertx, int port) {
        this.vertx = vertx;
        this.port = port;
    }

    /**
     * Starts the chat on the loopback interface, and returns when it is open.
     *
     * @param port 0 for a free one
     * @param origins the origins whose pages may connect; any if none is named
     * @throws IllegalArgumentException if one of the origins is none
     * @throws IOException if the port cannot be listened on, which the message says
     */
    public static RealtimeServer start(TicketStore store, Revocations revocations, int port, String... origins)
            throws IOException {
        return start(store, revocations, port, SILENCE, origins);
    }

    /** As the other, with the time after which a client that gives no sign of life is taken for gone. */
    static RealtimeServer start(
            TicketStore store, Revocations revocations, int port, Duration silence, String... origins)
            throws IOException {
        var chat = new ChatVerticle(store, revocations, port, List.of(origins), silence);
        var vertx = Vertx.vertx();
        try {
            String unused = vertx.deployVerticle(chat).await();
            return new RealtimeServer(vertx, chat.port());
        } catch (Exception e) {
            // What await() throws is what the future failed with, checked or not.
            vertx.close().await();
            if (e instanceof RuntimeException setting) {
                throw setting;
            }
            throw new IOException("The realtime backend cannot listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    /** Where the chat is: {@code ws://localhost:port/chat}. */
    public URI uri() {
        return URI.create("ws://localhost:" + port + ChatVerticle.PATH);
    }

    /** Closes all connections and the port, and returns when that is done. */
    @Override
    public void close() {
        vertx.close().await();
    }
}
