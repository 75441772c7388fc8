// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.messaging;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketSession;

/** How far one session has come, and from which page; kept in the session's attributes. Thread-safe. */
final class StompOpening {

    private static final System.Logger LOG = System.getLogger(StompOpening.class.getName());

    // No client names an attribute, and nobody else makes an object of this class.
    private static final String KEY = StompOpening.class.getName();

    // IANA's WebSocket Close Code Number Registry: 3000 is "Unauthorized".
    private static final CloseStatus UNAUTHORIZED = new CloseStatus(3000, Refusal.MISSING.message());

    private enum Stage {
        FRESH,
        ASKED,
        ADMITTED,
        OVER
    }

    private final List<String> origins;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.FRESH);
    private final CompletableFuture<@Nullable Void> decided = new CompletableFuture<>();

    StompOpening(List<String> origins) {
        this.origins = List.copyOf(origins);
    }

    static @Nullable StompOpening of(@Nullable Map<String, Object> attributes) {
        return attributes != null && attributes.get(KEY) instanceof StompOpening opening ? opening : null;
    }

    void keptIn(Map<String, Object> attributes) {
        attributes.put(KEY, this);
    }

    /** The lines of {@code Origin} in the request that opened the session. */
    List<String> origins() {
        return origins;
    }

    /** Whether this is the first {@code CONNECT}. */
    boolean ask() {
        return stage.compareAndSet(Stage.FRESH, Stage.ASKED);
    }

    /** Whether the session was still there to be admitted. */
    boolean admit() {
        boolean admitted = stage.compareAndSet(Stage.ASKED, Stage.ADMITTED);
        if (admitted) {
            decided.complete(null);
        }
        return admitted;
    }

    boolean isAdmitted() {
        return stage.get() == Stage.ADMITTED;
    }

    void end() {
        stage.set(Stage.OVER);
        decided.complete(null);
    }

    /** Closes the session after this time; one whose frame was refused, too, should the application's error handler keep it open. */
    void closeUnlessAdmitted(WebSocketSession session, Duration timeToConnect, Supplier<Gate> gate) {
        CompletableFuture<@Nullable Void> unused = decided.orTimeout(timeToConnect.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyAsync(late -> {
                    boolean silent = stage.getAndSet(Stage.OVER) == Stage.FRESH;
                    close(session);
                    if (silent) {
                        tell(gate.get());
                    }
                    return null;
                });
    }

    // So that it is logged and counted as any other that brings no ticket.
    private void tell(Gate gate) {
        CompletionStage<Admission> unused = gate.admit(ConnectFrame.none(origins));
    }

    private static void close(WebSocketSession session) {
        try {
            session.close(UNAUTHORIZED);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "A STOMP session without a ticket could not be closed: " + e);
        }
    }
}
