// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
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

    // Tomcat's. It would wait 20 seconds to send a close with 1000, and 50 milliseconds with another code, and then the
    // client hears none.
    private static final String TOMCATS = "org.apache.tomcat.websocket.WsSession";
    private static final String TIME_TO_SEND_1000 = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";
    private static final String TIME_TO_SEND = "org.apache.tomcat.websocket.ABNORMAL_SESSION_CLOSE_SEND_TIMEOUT";
    private static final String TIME_TO_ANSWER = "org.apache.tomcat.websocket.SESSION_CLOSE_TIMEOUT";

    private static final Executor SOON = CompletableFuture.delayedExecutor(MILLISECONDS_TO_ASK, TimeUnit.MILLISECONDS);

    /** What has opened those that are open, and whether each is gone. */
    private static final Map<Admitted, BooleanSupplier> OPEN = new ConcurrentHashMap<>();

    /** Those that are told to go, until their container calls them closed. */
    private static final Set<Session> LEAVING = ConcurrentHashMap.newKeySet();

    private static final OpeningSessions OPENING = new OpeningSessions();
    private static final AtomicBoolean ASKING = new AtomicBoolean();

    private LiveSession() {}

    /** Registers what this {@code ServerContainer} opens for a handshake, as soon as it is there. */
    static void expect(Object container, TicketRequest request, Admitted admitted) {
        OPENING.expect(container, request, admitted);
        askSoon();
    }

    /** Registers a session that is open, once: a request may pass a gate twice, and its endpoint may say it, too. */
    static void register(Session session, Admitted admitted) {
        var told = new AtomicBoolean();
        // Undertow calls one open that has been told to go, until its client has cut the line.
        BooleanSupplier gone = () -> told.get() || isClosed(session);
        if (admitted.connection().isPresent() || OPEN.putIfAbsent(admitted, gone) != null) {
            return;
        }
        LiveConnection unused = admitted.opened((code, reason) -> {
            close(session, code, reason);
            told.set(true);
        });
        askSoon();
    }

    /** Whether it is open, and has not been told to go. Jetty calls it open until its client has answered. */
    static boolean isOpen(Session session) {
        return session.isOpen() && !LEAVING.contains(session);
    }

    private static void close(Session session, int code, String reason) throws IOException {
        if (session.isOpen()) {
            LEAVING.add(session);
            fallDeaf(session);
            if (session.getClass().getName().equals(TOMCATS)) {
                session.getUserProperties().put(TIME_TO_SEND_1000, MILLISECONDS_TO_CLOSE);
                session.getUserProperties().put(TIME_TO_SEND, MILLISECONDS_TO_CLOSE);
                session.getUserProperties().put(TIME_TO_ANSWER, MILLISECONDS_TO_ANSWER);
            }
            session.setMaxIdleTimeout(MILLISECONDS_TO_ANSWER);
            session.close(new CloseReason(CloseCodes.getCloseCode(code), reason));
        }
    }

    // A client that does not answer may talk on. Of what an annotated endpoint has, Tomcat lets go, and Jetty shows
    // nothing.
    static void fallDeaf(Session session) {
        try {
            session.getMessageHandlers().forEach(session::removeMessageHandler);
        } catch (RuntimeException e) {
            // Undertow keeps it. Whatever a container says to this, the session is to be closed.
        }
    }

    private static void askSoon() {
        boolean isIdle = OPEN.isEmpty() && LEAVING.isEmpty() && OPENING.isEmpty();
        if (!isIdle && ASKING.compareAndSet(false, true)) {
            SOON.execute(LiveSession::ask);
        }
    }

    private static void ask() {
        try {
            forgetWhatIsGone();
            OPENING.look(System.nanoTime());
        } finally {
            ASKING.set(false);
            askSoon();
        }
    }

    private static void forgetWhatIsGone() {
        OPEN.forEach((admitted, gone) -> {
            if (gone.getAsBoolean()) {
                OPEN.remove(admitted);
                admitted.ended();
            }
        });
        LEAVING.removeIf(LiveSession::isClosed);
    }

    // Whatever a container says of one, others are to be asked.
    private static boolean isClosed(Session session) {
        try {
            return !session.isOpen();
        } catch (RuntimeException e) {
            return false;
        }
    }
}
