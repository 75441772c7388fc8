// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import java.util.List;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/** Sends the name of the session's principal, speaks the subprotocol {@code chat}, and leaves when it is spoken to. */
public final class GreetingHandler extends TextWebSocketHandler implements SubProtocolCapable {

    @Override
    public List<String> getSubProtocols() {
        return List.of("chat");
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) throws Exception {
        session.sendMessage(new TextMessage(session.getPrincipal().getName()));
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
        session.close();
    }
}
