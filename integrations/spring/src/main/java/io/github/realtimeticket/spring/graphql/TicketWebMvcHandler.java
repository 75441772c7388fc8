// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import io.github.realtimeticket.Refusal;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.server.WebGraphQlHandler;
import org.springframework.graphql.server.webmvc.GraphQlWebSocketHandler;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;
import reactor.core.publisher.Mono;

/** GraphQL over WebSocket in a servlet container, for sessions that a {@link TicketGraphQlInterceptor} lets in. Thread-safe. */
public final class TicketWebMvcHandler extends GraphQlWebSocketHandler {

    private static final System.Logger LOG = System.getLogger(TicketWebMvcHandler.class.getName());

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
        super(TicketGraphQlInterceptor.requireIn(handler), json, timeToInit, keepAlive, cors);
    }

    /** Whether a handler of HTTP requests opens sessions of this kind. */
    public static boolean isOpenedByTicketOnly(@Nullable Object handler) {
        if (!(handler instanceof WebSocketHttpRequestHandler requests)) {
            return false;
        }
        WebSocketHandler sockets = requests.getWebSocketHandler();
        return WebSocketHandlerDecorator.unwrap(sockets) instanceof TicketWebMvcHandler;
    }

    /** Called by Spring. */
    @Override
    public void afterConnectionEstablished(WebSocketSession session) {
        GraphQlOpening unused = GraphQlOpening.begin(
                session.getAttributes(),
                (code, reason) -> Mono.fromRunnable(() -> close(session, new CloseStatus(code, reason))));
        super.afterConnectionEstablished(session);
    }

    private static void close(WebSocketSession session, CloseStatus status) {
        try {
            session.close(status);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "A GraphQL session could not be closed: " + e);
        }
    }

    /** Called by Spring. */
    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) throws Exception {
        try {
            super.handleTextMessage(session, message);
        } catch (Exception e) {
            GraphQlOpening opening = GraphQlOpening.of(session.getAttributes());
            if (opening == null || opening.user() != null) {
                throw e;
            }
            // Spring would log what cannot be read, and the ticket may be in it.
            opening.refuse(Refusal.UNSUITABLE).block();
        }
    }
}
