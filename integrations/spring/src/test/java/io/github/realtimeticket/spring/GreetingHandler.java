// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.ConcurrentWebSocketSessionDecorator;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.sockjs.SockJsException;

/** Sends the name of the session's principal, speaks the subprotocol {@code chat}, and leaves when it is spoken to. */
public final class GreetingHandler extends TextWebSocketHandler implements SubProtocolCapable {

    final AtomicLong heard = new AtomicLong();
    private final Queue<WebSocketSession> sessions = new ConcurrentLinkedQueue<>();

    /** Sends this to every session that was greeted and still takes it. */
    void broadcast(String text) {
        for (WebSocketSession session : sessions) {
            try {
                session.sendMessage(new TextMessage(text));
            } catch (IOException | IllegalStateException | SockJsException e) {
                // It is closed; SockJS says so with an exception of its own.
            }
        }
    }

    @Override
    public List<String> getSubProtocols() {
        return List.of("chat");
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) throws Exception {
        // Many threads may send.
        var shared = new ConcurrentWebSocketSessionDecorator(session, 10_000, 65_536);
        sessions.add(shared);
        shared.sendMessage(new TextMessage(session.getPrincipal().getName()));
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
        heard.incrementAndGet();
        // Without a status, SockJS has 3000.
        session.close(CloseStatus.NORMAL);
    }
}
