// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.spring.websocket.ClosingThreads;
import io.github.realtimeticket.spring.websocket.ToldSessions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.server.WebGraphQlHandler;
import org.springframework.graphql.server.webmvc.GraphQlWebSocketHandler;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** GraphQL over WebSocket in a servlet container, for sessions that a {@link TicketGraphQlInterceptor} lets in. Thread-safe. */
public final class TicketWebMvcHandler extends GraphQlWebSocketHandler {

    private static final System.Logger LOG = System.getLogger(TicketWebMvcHandler.class.getName());

    private static final Scheduler CLOSING = Schedulers.fromExecutor(ClosingThreads.executor());

    private final TicketGraphQlInterceptor interceptor;

    /**
     * As Spring's.
     *
     * @param handler with a {@link TicketGraphQlInterceptor} among its interceptors
     * @param json reads and writes JSON
     * @param timeToInit how long a session may be without a {@code connection_init}; it is closed with 4408 then
     * @param keepAlive after how long without a message one is sent; {@code null} for never
     * @param cors whose pages may connect at all, whatever their ticket
     * @throws IllegalArgumentException if the handler asks for no ticket
     */
    public TicketWebMvcHandler(
            WebGraphQlHandler handler,
            HttpMessageConverter<Object> json,
            Duration timeToInit,
            @Nullable Duration keepAlive,
            CorsConfiguration cors) {
        super(handler, json, timeToInit, keepAlive, cors);
        interceptor = TicketGraphQlInterceptor.of(handler);
    }

    /** Whether a handler of HTTP requests opens sessions of this kind. */
    public static boolean isOpenedByTicketOnly(@Nullable Object handler) {
        return handler instanceof WebSocketHttpRequestHandler requests
                && WebSocketHandlerDecorator.unwrap(requests.getWebSocketHandler()) instanceof TicketWebMvcHandler;
    }

    /** Called by Spring. */
    @Override
    public void afterConnectionEstablished(WebSocketSession session) {
        GraphQlOpening.begin(
                session.getAttributes(),
                (code, reason) -> ToldSessions.tell(session, new CloseStatus(code, reason)),
                (code, reason) -> closeElsewhere(session, new CloseStatus(code, reason)));
        // Spring closes it on a thread of Reactor's when no first message comes in time.
        super.afterConnectionEstablished(new WebSocketSessionDecorator(session) {
            @Override
            public void close(CloseStatus status) {
                Disposable unused = closeElsewhere(session, status).subscribe();
            }
        });
    }

    private static Mono<Void> closeElsewhere(WebSocketSession session, CloseStatus status) {
        return Mono.<Void>fromRunnable(() -> ToldSessions.dismiss(session, status))
                .subscribeOn(CLOSING);
    }

    /** Called by Spring. */
    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
        super.afterConnectionClosed(session, status);
        GraphQlOpening opening = GraphQlOpening.of(session.getAttributes());
        if (opening != null) {
            interceptor.closed(opening, status.getCode());
        }
    }

    /** Called by Spring. */
    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
        GraphQlOpening opening = GraphQlOpening.of(session.getAttributes());
        if (opening != null && opening.isOver()) {
            return;
        }
        try {
            super.handleTextMessage(session, message);
        } catch (Exception e) {
            if (opening == null || opening.user() != null) {
                throw e;
            }
            // Spring would log what cannot be read, and the ticket may be in it.
            LOG.log(System.Logger.Level.DEBUG, "A GraphQL session is refused for " + e.getClass());
            Disposable unused = interceptor.refuse(opening, Refusal.UNSUITABLE).subscribe();
        }
    }
}
