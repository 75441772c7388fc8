// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.messaging;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.spring.web.FirstMessage;
import io.github.realtimeticket.spring.websocket.ClosingThreads;
import io.github.realtimeticket.spring.websocket.StompSizeLimit;
import io.github.realtimeticket.spring.websocket.ToldSessions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

/** Keeps what a session's {@code CONNECT} will be judged by, and closes the session if none comes. */
final class OpeningHandler extends WebSocketHandlerDecorator {

    private static final System.Logger LOG = System.getLogger(OpeningHandler.class.getName());

    private static final Executor LATER =
            CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, ClosingThreads.executor());

    private final Supplier<Gate> gate;
    private final Duration timeToConnect;

    OpeningHandler(WebSocketHandler delegate, Supplier<Gate> gate, Duration timeToConnect) {
        super(delegate);
        this.gate = gate;
        this.timeToConnect = timeToConnect;
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) throws Exception {
        new StompOpening(
                        session,
                        FirstMessage.origins(session.getHandshakeHeaders()),
                        new FirstFrames(StompSizeLimit.of(getDelegate())),
                        timeToConnect)
                .begin(gate);
        super.afterConnectionEstablished(session);
    }

    @Override
    public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
        StompOpening opening = StompOpening.of(session.getAttributes());
        if (ToldSessions.isTold(session) || (opening != null && opening.isOver())) {
            return;
        }
        FirstFrames first = opening == null ? null : opening.firstFrames();
        if (opening == null || first == null) {
            super.handleMessage(session, message);
        } else if (!first.take()) {
            opening.refuseUnread(gate);
        } else {
            try {
                if (first.mayConnectWith(message)) {
                    super.handleMessage(session, message);
                } else {
                    opening.refuseUnread(gate);
                }
            } finally {
                first.release();
            }
        }
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
        StompOpening opening = StompOpening.of(session.getAttributes());
        boolean justAdmitted = opening != null && opening.closed();
        super.afterConnectionClosed(session, status);
        if (justAdmitted) {
            LATER.execute(() -> endAgain(session, status));
        }
    }

    // A session that ends while the store is asked may be connected after its end: the registry of users would keep it
    // for ever. Spring asks its listeners to take a second end for none (SessionDisconnectEvent).
    private void endAgain(WebSocketSession session, CloseStatus status) {
        boolean running = WebSocketHandlerDecorator.unwrap(getDelegate()) instanceof SubProtocolWebSocketHandler sockets
                && sockets.isRunning();
        try {
            if (running) {
                super.afterConnectionClosed(session, status);
            }
        } catch (Exception e) {
            LOG.log(System.Logger.Level.DEBUG, "The end of a STOMP session could not be told again: " + e);
        }
    }
}
