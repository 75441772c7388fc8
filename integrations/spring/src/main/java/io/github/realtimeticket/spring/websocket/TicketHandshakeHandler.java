// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import io.github.realtimeticket.Admission;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

/**
 * The handshake of Spring WebSocket, with the holder that a {@link TicketHandshakeInterceptor} admitted as the principal of the
 * session.
 */
public class TicketHandshakeHandler extends DefaultHandshakeHandler {

    @Override
    protected @Nullable Principal determineUser(
            ServerHttpRequest request, WebSocketHandler handler, Map<String, Object> attributes) {
        return TicketHandshakeInterceptor.admitted(attributes)
                .<Principal>map(Admission.Admitted::holder)
                .orElseGet(() -> super.determineUser(request, handler, attributes));
    }
}
