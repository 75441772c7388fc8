// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/** Registers each session that was admitted by ticket, from when it is open until it is closed. */
final class LiveSessionHandler extends WebSocketHandlerDecorator {

    static final String ADMITTED = LiveSessionHandler.class.getName();
    private static final String CONNECTION = LiveConnection.class.getName();

    LiveSessionHandler(WebSocketHandler delegate) {
        super(delegate);
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) throws Exception {
        if (session.getAttributes().get(ADMITTED) instanceof Admitted admitted) {
            LiveConnection connection = admitted.opened((code, reason) -> session.close(new CloseStatus(code, reason)));
            session.getAttributes().put(CONNECTION, connection);
        }
        super.afterConnectionEstablished(session);
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
        try {
            super.afterConnectionClosed(session, status);
        } finally {
            if (session.getAttributes().get(CONNECTION) instanceof LiveConnection connection) {
                connection.ended();
            }
        }
    }
}
