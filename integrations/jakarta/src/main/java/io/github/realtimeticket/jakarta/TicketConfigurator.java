// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Admission.Admitted;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;

/**
 * On a Jakarta WebSocket's endpoint: it is opened by a ticket only, even if its {@link TicketFilter} has been registered for other paths,
 * or behind the container's own filter, or not at all. Such a filter is a mistake of the application: a 500, and its log says what is
 * wrong.
 *
 * <pre>{@code
 * @ServerEndpoint(value = "/realtime/chat", configurator = TicketConfigurator.class)
 * }</pre>
 *
 * <p>A WebSocket ends with the login without it, too. Where the container hides a WebSocket from its filter, which a WARNING says, the
 * endpoint has this configurator, and says {@link #opened} itself. Thread-safe.
 */
public class TicketConfigurator extends ServerEndpointConfig.Configurator {

    private static final String ADMITTED = TicketConfigurator.class.getName();

    /** A configurator that leaves everything else to the container. */
    public TicketConfigurator() {}

    /**
     * Says in {@code @OnOpen} that this session is open: it is closed when the login ends that its ticket was issued in (T16, T17), as if
     * its filter had found it. Not needed where that does, and does nothing then. Idempotent.
     *
     * @throws IllegalStateException if no {@link TicketFilter} has admitted the handshake, or another configurator is on the endpoint
     */
    public static void opened(Session session) {
        if (!(session.getUserProperties().get(ADMITTED) instanceof Admitted admitted)) {
            throw new IllegalStateException(
                    "A WebSocket that no ticket has opened, or without TicketConfigurator on its endpoint");
        }
        LiveSession.register(session, admitted);
    }

    /**
     * Whether this session is open and its client may still say something. Once it has been told to go it may not, though Jetty calls the session open
     * until the client has answered, and hands over what it sends until then.
     */
    public static boolean isOpen(Session session) {
        return LiveSession.isOpen(session);
    }

    /**
     * Checks that a ticket opens it.
     *
     * @throws IllegalStateException if no {@link TicketFilter} has admitted the handshake
     */
    @Override
    public void modifyHandshake(ServerEndpointConfig endpoint, HandshakeRequest request, HandshakeResponse response) {
        Admitted admitted = TicketFilter.upgrading()
                .orElseThrow(() -> new IllegalStateException("No TicketFilter stands before the WebSocket at "
                        + endpoint.getPath() + ": register it with TicketFilter.register"));
        // A map of this handshake alone (Jakarta WebSocket 2.1, ServerEndpointConfig.Configurator.modifyHandshake).
        endpoint.getUserProperties().put(ADMITTED, admitted);
    }
}
