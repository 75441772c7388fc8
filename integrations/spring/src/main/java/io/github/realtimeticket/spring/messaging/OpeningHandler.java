// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.messaging;

import io.github.realtimeticket.Gate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/** Keeps what a session's {@code CONNECT} will be judged by, and closes the session if none comes. */
final class OpeningHandler extends WebSocketHandlerDecorator {

    private final Supplier<Gate> gate;
    private final Duration timeToConnect;

    OpeningHandler(WebSocketHandler delegate, Supplier<Gate> gate, Duration timeToConnect) {
        super(delegate);
        this.gate = gate;
        this.timeToConnect = timeToConnect;
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) throws Exception {
        var opening = new StompOpening(origins(session));
        opening.keptIn(session.getAttributes());
        opening.closeUnlessAdmitted(session, timeToConnect, gate);
        super.afterConnectionEstablished(session);
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
        StompOpening opening = StompOpening.of(session.getAttributes());
        if (opening != null) {
            opening.end();
        }
        super.afterConnectionClosed(session, status);
    }

    // Each line as it came: what else reads HttpHeaders is not the same in Spring Framework 6 and 7, or splits at
    // commas.
    private static List<String> origins(WebSocketSession session) {
        List<String> origins = new ArrayList<>();
        session.getHandshakeHeaders().forEach((name, lines) -> {
            if (name.equalsIgnoreCase("Origin")) {
                origins.addAll(lines);
            }
        });
        return origins;
    }
}
