// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.spring.web.BlockingGate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * Lets a WebSocket handshake through by ticket only, and leaves the holder in the session's attributes.
 *
 * <p>Thread-safe. Of the subprotocols that the client offers, Spring echoes one that the handler names, so never the one that
 * carries the ticket (T10).
 */
public final class TicketHandshakeInterceptor implements HandshakeInterceptor {

    private static final String HOLDER = TicketHolder.class.getName();

    private final BlockingGate gate;

    /** Admits through this gate. */
    public TicketHandshakeInterceptor(Gate gate) {
        this.gate = new BlockingGate(gate);
    }

    /** The holder of the ticket that opened this session, or nothing if no interceptor of this kind admitted it. */
    public static Optional<TicketHolder> holder(WebSocketSession session) {
        return holder(session.getAttributes());
    }

    static Optional<TicketHolder> holder(Map<String, Object> attributes) {
        return attributes.get(HOLDER) instanceof TicketHolder holder ? Optional.of(holder) : Optional.empty();
    }

    @Override
    public boolean beforeHandshake(
            ServerHttpRequest request,
            ServerHttpResponse response,
            WebSocketHandler handler,
            Map<String, Object> attributes)
            throws IOException {
        Admission admission = gate.admit(new HandshakeRequest(request));
        if (admission instanceof Admission.Refused refused) {
            refuse(response, refused.reason());
            return false;
        }
        attributes.put(HOLDER, ((Admission.Admitted) admission).holder());
        return true;
    }

    @Override
    public void afterHandshake(
            ServerHttpRequest request,
            ServerHttpResponse response,
            WebSocketHandler handler,
            @Nullable Exception fault) {}

    private static void refuse(ServerHttpResponse response, Refusal reason) throws IOException {
        HttpStatusCode status = HttpStatusCode.valueOf(reason.status());
        byte[] body = reason.body().getBytes(StandardCharsets.US_ASCII);
        response.setStatusCode(status);
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        response.getHeaders().setCacheControl("no-store");
        response.getHeaders().setContentLength(body.length);
        if (status.isSameCodeAs(HttpStatus.UNAUTHORIZED)) {
            response.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Ticket");
        }
        response.getBody().write(body);
        response.flush();
    }

    private record HandshakeRequest(ServerHttpRequest request) implements ConnectionRequest {

        @Override
        public @Nullable String query() {
            return request.getURI().getRawQuery();
        }

        @Override
        public List<String> headers(String name) {
            return request.getHeaders().getOrEmpty(name);
        }
    }
}
