// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.spring.webflux.HandshakeThread;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.server.WebGraphQlHandler;
import org.springframework.graphql.server.webflux.GraphQlWebSocketHandler;
import org.springframework.http.codec.CodecConfigurer;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * GraphQL over WebSocket in Spring WebFlux, for sessions that a {@link TicketGraphQlInterceptor} lets in. Whoever does not take the end of a
 * session is cut off after ten seconds, where Reactor Netty is the server and a {@link HandshakeThread} among the filters. Thread-safe.
 */
public final class TicketWebFluxHandler extends GraphQlWebSocketHandler {

    private static final System.Logger LOG = System.getLogger(TicketWebFluxHandler.class.getName());

    private final TicketGraphQlInterceptor interceptor;

    /**
     * As Spring's.
     *
     * @param handler with a {@link TicketGraphQlInterceptor} among its interceptors
     * @param codecs read and write JSON
     * @param timeToInit how long a session may be without a {@code connection_init}; it is closed with 4408 then
     * @param keepAlive after how long without a message one is sent; {@code null} for never
     * @param cors whose pages may connect at all, whatever their ticket
     * @throws IllegalArgumentException if the handler asks for no ticket
     */
    public TicketWebFluxHandler(
            WebGraphQlHandler handler,
            CodecConfigurer codecs,
            Duration timeToInit,
            @Nullable Duration keepAlive,
            CorsConfiguration cors) {
        super(handler, MessageDecoder.in(codecs), timeToInit, keepAlive, cors);
        interceptor = TicketGraphQlInterceptor.of(handler);
    }

    /** Called by Spring. */
    @Override
    public Mono<Void> handle(WebSocketSession session) {
        return Mono.deferContextual(context -> handle(session, context));
    }

    private Mono<Void> handle(WebSocketSession session, ContextView context) {
        GraphQlOpening opening = GraphQlOpening.begin(
                session.getAttributes(),
                (code, reason) -> end(session, new CloseStatus(code, reason), context),
                (code, reason) -> session.close(new CloseStatus(code, reason)));
        // A connection that is lost has no status.
        Disposable unused = session.closeStatus()
                .onErrorComplete()
                .defaultIfEmpty(CloseStatus.NO_CLOSE_FRAME)
                .subscribe(status -> interceptor.closed(opening, status.getCode()));
        // Spring would log what went wrong, and the ticket may be in it.
        return super.handle(session).onErrorResume(fault -> {
            if (opening.user() != null) {
                return Mono.error(fault);
            }
            LOG.log(System.Logger.Level.DEBUG, "A GraphQL session is refused for " + fault.getClass());
            return interceptor.refuse(opening, Refusal.UNSUITABLE);
        });
    }

    // In a servlet container it has been done, or has failed, when this returns.
    private static void end(WebSocketSession session, CloseStatus status, ContextView context) throws Exception {
        HandshakeThread.cutOffLater(context);
        CompletableFuture<Void> closing = session.close(status).toFuture();
        if (closing.isCompletedExceptionally()) {
            closing.get();
        }
    }
}
