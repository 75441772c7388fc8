// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Closes a session that was admitted by ticket when its login ends. Its handler hears nothing more from then on. */
final class LiveSessionHandler implements WebSocketHandler {

    private final WebSocketHandler handler;
    private final LiveExchange live;

    LiveSessionHandler(WebSocketHandler handler, LiveExchange live) {
        this.handler = handler;
        this.live = live;
    }

    @Override
    public List<String> getSubProtocols() {
        return handler.getSubProtocols();
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
        Sinks.Empty<Void> deaf = Sinks.empty();
        Sinks.Empty<Void> closed = Sinks.empty();
        try {
            live.upgradedTo((code, reason) -> close(session, new CloseStatus(code, reason), deaf, closed));
        } catch (Exception e) {
            live.gone();
            return Mono.error(e);
        }
        // First the end: what has ended meanwhile does not begin. And it is not gone before its client has been told.
        Mono<Void> ended = deaf.asMono().then(closed.asMono());
        return Mono.firstWithSignal(
                        deaf.asMono().thenReturn(ended),
                        Mono.defer(() -> handler.handle(session)).thenReturn(Mono.<Void>empty()))
                .flatMap(last -> last)
                .doFinally(signal -> live.gone());
    }

    // The close frame first: Reactor Netty closes with a code of its own what is cancelled. A servlet container has
    // sent it, or has failed, when it returns, which can take as long as its client.
    private static void close(
            WebSocketSession session, CloseStatus status, Sinks.Empty<Void> deaf, Sinks.Empty<Void> closed)
            throws Exception {
        CompletableFuture<Void> closing = session.close(status).toFuture();
        if (closing.isCompletedExceptionally()) {
            closing.get();
        }
        var unused = closing.whenComplete((done, fault) -> {
            end(closed);
            end(deaf);
        });
        if (ReactorNetty.serves(session)) {
            end(deaf);
        }
    }

    private static void end(Sinks.Empty<Void> sink) {
        var unused = sink.tryEmitEmpty();
    }
}
