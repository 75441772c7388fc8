// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.http.server.RequestPath;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.support.WebSocketHandlerMapping;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;
import org.springframework.web.socket.sockjs.support.SockJsHttpRequestHandler;
import org.springframework.web.util.ServletRequestPathUtils;

/** Finds what Spring WebSocket will have answer a request, in a filter, before the dispatcher does. Thread-safe. */
public final class WebSocketHandlers {

    private final ListableBeanFactory beans;
    private volatile @Nullable List<HandlerMapping> mappings;

    /** Those that the mappings among these beans have. */
    public WebSocketHandlers(ListableBeanFactory beans) {
        this.beans = Objects.requireNonNull(beans, "beans");
    }

    /** What has the sessions that a handler of HTTP requests opens; {@code null} if it is not Spring WebSocket's. */
    public static @Nullable WebSocketHandler sessions(@Nullable Object handler) {
        if (handler instanceof WebSocketHttpRequestHandler plain) {
            return plain.getWebSocketHandler();
        }
        return handler instanceof SockJsHttpRequestHandler sockJs ? sockJs.getWebSocketHandler() : null;
    }

    /** All that there are. */
    public Stream<Object> all() {
        return mappings().stream()
                .filter(WebSocketHandlerMapping.class::isInstance)
                .flatMap(mapping -> ((WebSocketHandlerMapping) mapping).getHandlerMap().values().stream());
    }

    /**
     * The one that will answer the request; empty if nothing of Spring WebSocket's will, but a controller for example. For a CORS preflight,
     * the one that will answer the request that it asks for.
     */
    public Optional<Object> of(HttpServletRequest request) {
        var asked = new Asked(request);
        RequestPath unused = ServletRequestPathUtils.parseAndCache(asked);
        try {
            // Most requests are none of theirs, and need no second look-up of what they are.
            boolean possible = false;
            for (HandlerMapping mapping : mappings()) {
                possible |= mapping instanceof WebSocketHandlerMapping && mapping.getHandler(asked) != null;
            }
            return possible ? first(asked) : Optional.empty();
        } catch (Exception e) {
            // The dispatcher will come to the same, and answer as the application has it.
            return Optional.empty();
        }
    }

    private Optional<Object> first(HttpServletRequest request) throws Exception {
        for (HandlerMapping mapping : mappings()) {
            HandlerExecutionChain chain = mapping.getHandler(request);
            if (chain != null) {
                return mapping instanceof WebSocketHandlerMapping ? Optional.of(chain.getHandler()) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    // As DispatcherServlet finds and sorts them. One that is lazy has a type only when it is made, which this does.
    private List<HandlerMapping> mappings() {
        List<HandlerMapping> found = mappings;
        if (found == null) {
            found = new ArrayList<>(
                    BeanFactoryUtils.beansOfTypeIncludingAncestors(beans, HandlerMapping.class, true, false)
                            .values());
            AnnotationAwareOrderComparator.sort(found);
            mappings = found;
        }
        return found;
    }

    /** A request that keeps to itself what mappings note in it. */
    private static final class Asked extends HttpServletRequestWrapper {

        private final Map<String, Optional<Object>> noted = new HashMap<>();

        Asked(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getMethod() {
            return CorsUtils.isPreFlightRequest((HttpServletRequest) getRequest())
                    ? getHeader("Access-Control-Request-Method")
                    : super.getMethod();
        }

        @Override
        public @Nullable Object getAttribute(String name) {
            Optional<Object> value = noted.get(name);
            return value == null ? super.getAttribute(name) : value.orElse(null);
        }

        @Override
        public void setAttribute(String name, @Nullable Object value) {
            noted.put(name, Optional.ofNullable(value));
        }

        @Override
        public void removeAttribute(String name) {
            noted.put(name, Optional.empty());
        }
    }
}
