// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * A WebSocket that was admitted by ticket, from when it is open until it is closed (T16, T17).
 *
 * <p>Nobody but its endpoint is told of its end, so it is asked four times a second whether it is open. Thread-safe.
 */
final class LiveSession {

    private static final long MILLISECONDS_TO_ASK = 250;

    // A container waits so long for a client that reads nothing, or that does not answer the close.
    private static final long MILLISECONDS_TO_CLOSE = 2_000;
    private static final long MILLISECONDS_TO_ANSWER = 10_000;

    // Tomcat's, which other containers do not know. It would wait 20 seconds to send a close with 1000, and 50
    // milliseconds with another code, and then the client hears none.
    private static final String TIME_TO_SEND_1000 = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";
    private static final String TIME_TO_SEND = "org.apache.tomcat.websocket.ABNORMAL_SESSION_CLOSE_SEND_TIMEOUT";
    private static final String TIME_TO_ANSWER = "org.apache.tomcat.websocket.SESSION_CLOSE_TIMEOUT";

    /** Where a session has whether it is being told to go. */
    private static final String LEAVING = LiveSession.class.getName();

    private static final Executor SOON = CompletableFuture.delayedExecutor(MILLISECONDS_TO_ASK, TimeUnit.MILLISECONDS);

    /** Those that are open, and whether each is gone. */
    private static final Map<LiveConnection, BooleanSupplier> OPEN = new ConcurrentHashMap<>();

    private static final OpeningSessions OPENING = new OpeningSessions();
    private static final AtomicBoolean ASKING = new AtomicBoolean();

    private LiveSession() {}

    /** Registers what this {@code ServerContainer} opens for a handshake, as soon as it is there. */
    static void expect(Object container, TicketRequest request, Admitted admitted) {
        OPENING.expect(container, request, admitted);
        askSoon();
    }

    /** Registers a session that is open, once: a request may pass a gate twice. */
    static void register(Session session, Admitted admitted) {
        if (admitted.connection().isPresent()) {
            return;
        }
        var leaving = new AtomicBoolean();
        session.getUserProperties().put(LEAVING, leaving);
        var told = new AtomicBoolean();
        LiveConnection connection = admitted.opened((code, reason) -> {
            leaving.set(true);
            close(session, code, reason);
            told.set(true);
        });
        // Undertow calls one open that has been told to go, until its client has cut the line.
        OPEN.put(connection, () -> told.get() || !session.isOpen());
        askSoon();
    }

    /** Whether it is open, and has not been told to go. Jetty calls it open until its client has answered. */
    static boolean isOpen(Session session) {
        boolean isLeaving = session.getUserProperties().get(LEAVING) instanceof AtomicBoolean leaving && leaving.get();
        return session.isOpen() && !isLeaving;
    }

    private static void close(Session session, int code, String reason) throws IOException {
        if (session.isOpen()) {
            fallDeaf(session);
            session.getUserProperties().put(TIME_TO_SEND_1000, MILLISECONDS_TO_CLOSE);
            session.getUserProperties().put(TIME_TO_SEND, MILLISECONDS_TO_CLOSE);
            session.getUserProperties().put(TIME_TO_ANSWER, MILLISECONDS_TO_ANSWER);
            session.setMaxIdleTimeout(MILLISECONDS_TO_ANSWER);
            session.close(new CloseReason(CloseCodes.getCloseCode(code), reason));
        }
    }

    // A client that does not answer may talk on. Of what an annotated endpoint has, Tomcat lets go, and Jetty shows
    // nothing.
    private static void fallDeaf(Session session) {
        try {
            session.getMessageHandlers().forEach(session::removeMessageHandler);
        } catch (RuntimeException e) {
            // Undertow keeps it. Whatever a container says to this, the session is to be closed.
        }
    }

    private static void askSoon() {
        if ((!OPEN.isEmpty() || !OPENING.isEmpty()) && ASKING.compareAndSet(false, true)) {
            SOON.execute(LiveSession::ask);
        }
    }

    private static void ask() {
        try {
            forgetWhatIsGone();
        } finally {
            lookForOthers();
        }
    }

    private static void forgetWhatIsGone() {
        OPEN.forEach((connection, gone) -> {
            if (gone.getAsBoolean()) {
                OPEN.remove(connection);
                connection.ended();
            }
        });
    }

    private static void lookForOthers() {
        try {
            OPENING.look(System.nanoTime());
        } finally {
            ASKING.set(false);
            askSoon();
        }
    }
}
