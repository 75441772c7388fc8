// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.TicketHolder;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;

/**
 * On a Jakarta WebSocket's endpoint: it is opened for ticket holders only, even if its {@link TicketFilter} has been registered for
 * other paths, or behind the container's own filter, or not at all.
 *
 * <pre>{@code
 * @ServerEndpoint(value = "/realtime/chat", configurator = TicketConfigurator.class)
 * }</pre>
 *
 * <p>An endpoint behind its filter does not need it. A filter that stands elsewhere is a mistake of the application: a 500, and its log
 * says what is wrong. It looks at the user alone: where the application's own login makes a {@link TicketHolder} the user, it cannot tell
 * the two apart. Thread-safe.
 */
public class TicketConfigurator extends ServerEndpointConfig.Configurator {

    /** A configurator that leaves everything else to the container. */
    public TicketConfigurator() {}

    /**
     * Whether this session is open and its client may still say something. Once it has been told to go it may not, though Jetty calls the session open
     * until the client has answered, and hands over what it sends until then.
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
    }
}
