// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.spring.websocket.ClosingThreads;
import java.util.List;
import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.adapter.ReactorNettyWebSocketSession;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** Closes a session that was admitted by ticket when its login ends. Its handler hears nothing more from then on. */
final class LiveSessionHandler implements WebSocketHandler {

    private static final boolean REACTOR_NETTY = ClassUtils.isPresent(
            "reactor.netty.http.websocket.WebsocketInbound", LiveSessionHandler.class.getClassLoader());

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
        live.upgradedTo(status -> close(session, status, deaf, closed));
        // First the end: what has ended meanwhile does not begin. And it is not gone before its client has been told.
        Mono<Void> ended = deaf.asMono().then(closed.asMono());
        return Mono.firstWithSignal(
                        deaf.asMono().thenReturn(ended),
                        Mono.defer(() -> handler.handle(session)).thenReturn(Mono.<Void>empty()))
                .flatMap(last -> last)
                .doFinally(signal -> live.gone());
    }

    // The close frame first: Reactor Netty closes with a code of its own what is cancelled.
    private static void close(
            WebSocketSession session, CloseStatus status, Sinks.Empty<Void> deaf, Sinks.Empty<Void> closed) {
        boolean waits = !REACTOR_NETTY || !(session instanceof ReactorNettyWebSocketSession);
        Mono<Void> closing = Mono.defer(() -> session.close(status));
        var unused = (waits ? closing.subscribeOn(Schedulers.fromExecutor(ClosingThreads.executor())) : closing)
                .onErrorComplete()
                .doFinally(signal -> {
                    end(closed);
                    end(deaf);
                })
                .subscribe();
        if (!waits) {
            end(deaf);
        }
    }

    private static void end(Sinks.Empty<Void> sink) {
        var unused = sink.tryEmitEmpty();
    }
}
