// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.WebSocketHandlerAdapter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Registers the sessions of every WebSocket handler whose handshake a security filter chain has admitted by ticket, so that they end with
 * the login (T16, T17): with 3000 or 3003. A bean, which has to be static where it is defined in a configuration:
 *
 * <pre>{@code
 * @Bean
 * static LiveWebSockets liveWebSockets() {
 *     return new LiveWebSockets();
 * }
 * }</pre>
 *
 * <p>A subclass of Spring's adapter is left alone, and a WARNING says so.
 */
public final class LiveWebSockets implements BeanPostProcessor {

    private static final System.Logger LOG = System.getLogger(LiveWebSockets.class.getName());

    /** Called by Spring. */
    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (!(bean instanceof WebSocketHandlerAdapter adapter) || bean instanceof Registering) {
            return bean;
        }
        if (bean.getClass() != WebSocketHandlerAdapter.class) {
            // What a subclass does is not ours to copy.
            LOG.log(
                    System.Logger.Level.WARNING,
                    "What a ticket opens is not closed when its login ends where "
                            + bean.getClass().getName() + " serves it, and not Spring's own WebSocketHandlerAdapter");
            return bean;
        }
        var registering = new Registering(adapter.getWebSocketService());
        registering.setOrder(adapter.getOrder());
        return registering;
    }

    private static final class Registering extends WebSocketHandlerAdapter {

        Registering(WebSocketService service) {
            super(service);
        }

        @Override
        public Mono<HandlerResult> handle(ServerWebExchange exchange, Object handler) {
            return super.handle(exchange, LiveExchange.closing(exchange, (WebSocketHandler) handler));
        }
    }
}
