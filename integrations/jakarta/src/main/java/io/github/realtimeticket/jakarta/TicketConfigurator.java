// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.TicketHolder;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * On a Jakarta WebSocket's endpoint: it is opened for ticket holders only, even if its {@link TicketFilter} has been registered for
 * other paths, or behind the container's own filter, or not at all. The endpoint says when it is open:
 *
 * <pre>{@code
 * @ServerEndpoint(value = "/realtime/chat", configurator = TicketConfigurator.class)
 * public class Chat {
 *
 *     @OnOpen
 *     public void open(Session session) {
 *         TicketConfigurator.opened(session);
 *     }
 * }
 * }</pre>
 *
 * <p>That line is needed because a container shows a session to its endpoint only. Without it the WebSocket does not end with the login,
 * which is said once at WARNING.
 *
 * <p>A filter that stands elsewhere is a mistake of the application: a 500, and its log says what is wrong. It looks at the user alone: where
 * the application's own login makes a {@link TicketHolder} the user, it cannot tell the two apart. Thread-safe.
 */
public class TicketConfigurator extends ServerEndpointConfig.Configurator {

    private static final System.Logger LOG = System.getLogger(TicketConfigurator.class.getName());

    private static final String ADMITTED = TicketConfigurator.class.getName();

    // A container opens what it has upgraded as soon as the request's thread has returned.
    private static final Executor WHEN_OPEN = CompletableFuture.delayedExecutor(30, TimeUnit.SECONDS);

    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private final AtomicBoolean asked = new AtomicBoolean();

    /** A configurator that leaves everything else to the container. */
    public TicketConfigurator() {}

    /**
     * Says that this session is open. From now on it is closed when the login ends that its ticket was issued in (T16, T17): with 3000 or
     * 3003. Whoever does not answer that is cut off by the container. Idempotent.
     *
     * <p>A session that the endpoint closes itself is no connection any more in Tomcat from then on, and in the others as soon as its client has
     * answered: no revocation finds it. Until the container cuts off a client that does not answer, the endpoint may hear it: {@code @OnMessage} asks
     * {@link #isOpen}.
     *
     * @throws IllegalStateException if no {@link TicketFilter} has admitted the handshake, or another configurator is on the endpoint
     */
    public static void opened(Session session) {
        if (!(session.getUserProperties().get(ADMITTED) instanceof Admitted admitted)) {
            throw new IllegalStateException(
                    "A WebSocket that no ticket has opened, or without TicketConfigurator on its endpoint");
        }
        synchronized (admitted) {
            if (admitted.connection().isEmpty()) {
                LiveSession.register(session, admitted);
            }
        }
    }

    /**
     * Whether this session is open and its client may still say something. Once it has been told to go it may not, though Jetty calls the session open
     * until the client has answered, and hands over what it sends until then. {@code false} before {@link #opened}.
     */
    public static boolean isOpen(Session session) {
        return LiveSession.isOpen(session);
    }

    /**
     * Checks who opens it.
     *
     * @throws IllegalStateException if no {@link TicketFilter} has admitted the handshake
     */
    @Override
    public void modifyHandshake(ServerEndpointConfig endpoint, HandshakeRequest request, HandshakeResponse response) {
        if (!(request.getUserPrincipal() instanceof TicketHolder)) {
            throw new IllegalStateException("No TicketFilter stands before the WebSocket at " + endpoint.getPath()
                    + ": register it with TicketFilter.register");
        }
        TicketFilter.upgrading().ifPresent(admitted -> {
            // A map of this handshake alone (Jakarta WebSocket 2.1, ServerEndpointConfig.Configurator.modifyHandshake).
            endpoint.getUserProperties().put(ADMITTED, admitted);
            if (!asked.getAndSet(true)) {
                WHEN_OPEN.execute(() -> warn(endpoint.getPath(), admitted));
            }
        });
    }

    private static void warn(String path, Admitted admitted) {
        if (admitted.connection().isEmpty() && !TOLD.getAndSet(true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The WebSocket at " + path + " is not closed when its login ends: its endpoint does not say"
                            + " TicketConfigurator.opened(session), or was never opened. This is said once");
        }
    }
}
