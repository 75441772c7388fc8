// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.spring.web.ServletAnswer;
import io.github.realtimeticket.spring.web.ServletGate;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * Lets a WebSocket handshake through by ticket only, and leaves its admission in the session's attributes.
 *
 * <p>A request that is no handshake uses up no ticket (T20). Thread-safe. Of the subprotocols that the client offers, Spring echoes one that the handler names, so never the one that
 * carries the ticket (T10).
 */
public final class TicketHandshakeInterceptor implements HandshakeInterceptor {

    private static final String ADMITTED = Admission.Admitted.class.getName();

    private final ServletGate gate;

    /** Admits through this gate. */
    public TicketHandshakeInterceptor(Gate gate) {
        this.gate = new ServletGate(gate);
    }

    /** How this session was admitted: the ticket's holder, and what else is known of it; nothing if no interceptor of this kind did. */
    public static Optional<Admission.Admitted> admitted(WebSocketSession session) {
        return admitted(session.getAttributes());
    }

    static Optional<Admission.Admitted> admitted(Map<String, Object> attributes) {
        return attributes.get(ADMITTED) instanceof Admission.Admitted admitted
                ? Optional.of(admitted)
                : Optional.empty();
    }

    @Override
    public boolean beforeHandshake(
            ServerHttpRequest request,
            ServerHttpResponse response,
            WebSocketHandler handler,
            Map<String, Object> attributes)
            throws IOException {
        HttpServletRequest asked = ((ServletServerHttpRequest) request).getServletRequest();
        HttpServletResponse answer = ((ServletServerHttpResponse) response).getServletResponse();
        Object matched = asked.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE);
        Admission admission = gate.admit(asked, () -> HandshakeChecks.refusal(matched, asked, answer));
        if (admission instanceof Admission.Refused refused) {
            ServletAnswer.write(answer, refused.reason());
            return false;
        }
        attributes.put(ADMITTED, admission);
        return true;
    }

    @Override
    public void afterHandshake(
            ServerHttpRequest request,
            ServerHttpResponse response,
            WebSocketHandler handler,
            @Nullable Exception fault) {}
}
