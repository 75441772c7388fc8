// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.AbstractUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds out in a filter, before the dispatcher does, whether a {@link WebSocketHandler} will answer. */
final class WebSocketHandlers {

    private WebSocketHandlers() {}

    /**
     * Never empty, and no fault, which counts as none: the dispatcher asks the mappings again, comes to the same, and answers as the application
     * has it.
     */
    static Mono<Boolean> willAnswer(ServerWebExchange exchange) {
        List<HandlerMapping> mappings = mappings(exchange);
        // What comes behind them all decides nothing here: most requests need no second look-up.
        int last = mappings.size();
        while (last > 0 && !hasWebSockets(mappings.get(last - 1))) {
            last--;
        }
        if (last == 0) {
            return Mono.just(false);
        }
        var asked = new Asked(exchange);
        return Flux.fromIterable(mappings.subList(0, last))
                .concatMap(mapping -> mapping.getHandler(asked))
                .next()
                .map(WebSocketHandler.class::isInstance)
                .onErrorReturn(false)
                .defaultIfEmpty(false);
    }

    private static List<HandlerMapping> mappings(ServerWebExchange exchange) {
        ApplicationContext beans = exchange.getApplicationContext();
        return beans != null
                        && beans.containsBean(WebHttpHandlerBuilder.WEB_HANDLER_BEAN_NAME)
                        && beans.getBean(WebHttpHandlerBuilder.WEB_HANDLER_BEAN_NAME)
                                instanceof DispatcherHandler dispatcher
                        && dispatcher.getHandlerMappings() != null
                ? dispatcher.getHandlerMappings()
                : List.of();
    }

    private static boolean hasWebSockets(HandlerMapping mapping) {
        return mapping instanceof AbstractUrlHandlerMapping paths
                && paths.getHandlerMap().values().stream().anyMatch(WebSocketHandler.class::isInstance);
    }

    /** An exchange that keeps to itself what mappings note in it, and is of no page, which they would answer for CORS. */
    private static final class Asked extends ServerWebExchangeDecorator {

        private final Map<String, Object> attributes =
                new HashMap<>(getDelegate().getAttributes());
        private final ServerHttpRequest request;
        private final ServerHttpResponse response;

        Asked(ServerWebExchange exchange) {
            super(exchange);
            request = exchange.getRequest()
                    .mutate()
                    .headers(headers -> headers.remove(HttpHeaders.ORIGIN))
                    .build();
            HttpHeaders unsent = new HttpHeaders();
            response = new ServerHttpResponseDecorator(exchange.getResponse()) {
                @Override
                public HttpHeaders getHeaders() {
                    return unsent;
                }
            };
        }

        @Override
        public ServerHttpRequest getRequest() {
            return request;
        }

        @Override
        public ServerHttpResponse getResponse() {
            return response;
        }

        @Override
        public Map<String, Object> getAttributes() {
            return attributes;
        }
    }
}
