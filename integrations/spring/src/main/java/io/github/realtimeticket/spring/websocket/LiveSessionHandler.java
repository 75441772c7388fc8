// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.spring.web.Handover;
import io.github.realtimeticket.spring.web.LiveResponses;
import io.github.realtimeticket.spring.web.ServletGate;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/** Registers each session that was admitted by ticket, from when it is open until it is closed. Told to go, it is heard no more. */
final class LiveSessionHandler extends WebSocketHandlerDecorator {

    private static final String ADMITTED = LiveSessionHandler.class.getName();
    private static final String HANDOVER = Handover.class.getName();

    LiveSessionHandler(WebSocketHandler delegate) {
        super(delegate);
    }

    /** Notes in the attributes of a session to be how its handshake was admitted. */
    static void note(HttpServletRequest handshake, Map<String, Object> attributes) {
        ServletGate.admitted(handshake).ifPresent(admitted -> attributes.put(ADMITTED, admitted));
        LiveResponses.handover(handshake).ifPresent(handover -> attributes.put(HANDOVER, handover));
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) throws Exception {
        if (session.getAttributes().get(ADMITTED) instanceof Admitted admitted) {
            open(session, admitted);
            if (ToldSessions.isTold(session)) {
                // Its login has ended meanwhile: the application has been told the end, and is not told a beginning
                // after it.
                return;
            }
        }
        super.afterConnectionEstablished(session);
    }

    @Override
    public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
        if (!ToldSessions.isTold(session)) {
            super.handleMessage(session, message);
        }
    }

    private static void open(WebSocketSession session, Admitted admitted) throws Exception {
        LiveConnection.Closing closing = (code, reason) -> ToldSessions.tell(session, new CloseStatus(code, reason));
        if (session.getAttributes().remove(HANDOVER) instanceof Handover handover) {
            handover.upgradedTo(closing);
        } else {
            LiveConnection unused = admitted.opened(closing);
        }
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
        try {
            super.afterConnectionClosed(session, status);
        } finally {
            if (session.getAttributes().get(ADMITTED) instanceof Admitted admitted) {
                admitted.ended();
            }
        }
    }
}
