// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.http.HttpRequest;
import io.micronaut.websocket.CloseReason;
import io.micronaut.websocket.WebSocketBroadcaster;
import io.micronaut.websocket.WebSocketSession;
import io.micronaut.websocket.annotation.OnClose;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.OnOpen;
import io.micronaut.websocket.annotation.ServerWebSocket;
import io.micronaut.websocket.event.WebSocketEvent;
import io.micronaut.websocket.event.WebSocketSessionClosedEvent;
import io.micronaut.websocket.event.WebSocketSessionOpenEvent;
import jakarta.inject.Singleton;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A WebSocket that says {@code Hello} and the user's name, and echoes. */
@ServerWebSocket(value = "/chat", subprotocols = "chat")
@Requires(property = "sockets", notEquals = "none")
class Chat {

    final AtomicLong heard = new AtomicLong();

    private final WebSocketBroadcaster everybody;
    private final Sessions sessions;

    Chat(WebSocketBroadcaster everybody, Sessions sessions) {
        this.everybody = everybody;
        this.sessions = sessions;
    }

    @OnOpen
    CompletionStage<String> open(WebSocketSession session) {
        return session.sendAsync(
                "Hello " + session.getUserPrincipal().orElseThrow().getName());
    }

    @OnMessage
    void hear(String text, WebSocketSession session, HttpRequest<?> request) {
        heard.incrementAndGet();
        if (text.equals("bye")) {
            session.close(CloseReason.NORMAL);
        } else if (text.equals("forbidden")) {
            TicketFilter.admitted(request).forbid();
        } else {
            CompletionStage<String> unused = session.sendAsync(text);
        }
    }

    void broadcast(String text) {
        CompletionStage<String> unused = everybody.broadcastAsync(text);
    }

    /** How many WebSockets are open. */
    int open() {
        return sessions.open.get();
    }

    @Singleton
    @Requires(property = "sockets", notEquals = "none")
    static class Sessions implements ApplicationEventListener<WebSocketEvent> {

        final AtomicInteger everOpened = new AtomicInteger();
        private final AtomicInteger open = new AtomicInteger();

        @Override
        public void onApplicationEvent(WebSocketEvent event) {
            if (event instanceof WebSocketSessionOpenEvent) {
                everOpened.incrementAndGet();
                open.incrementAndGet();
            } else if (event instanceof WebSocketSessionClosedEvent) {
                open.decrementAndGet();
            }
        }
    }

    /** One that takes every subprotocol, and writes down how it ends. */
    @ServerWebSocket(value = "/any", subprotocols = "*")
    @Requires(property = "sockets", notEquals = "none")
    static class Any {

        final Queue<Integer> ends = new ConcurrentLinkedQueue<>();

        @OnOpen
        CompletionStage<String> open(WebSocketSession session) {
            return session.sendAsync("Hello " + session.getSubprotocol().orElse("nothing"));
        }

        @OnMessage
        void hear(String text) {}

        @OnClose
        void close(CloseReason reason) {
            ends.add(reason.getCode());
        }
    }
}
