// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.spring.webflux.TicketAuthenticationCustomizer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Flux;

/** As {@link GatePathsCheck}, in a reactive application, where the patterns of the application's own chains cannot be told. */
final class GatePathsWebCheck implements SmartInitializingSingleton {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ObjectProvider<SecurityWebFilterChain> chains;
    private final List<String> paths;

    GatePathsWebCheck(ObjectProvider<SecurityWebFilterChain> chains, List<String> paths) {
        this.chains = chains;
        this.paths = paths;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<SecurityWebFilterChain> known = chains.orderedStream().toList();
        for (String path : paths) {
            WrongProperty.refuse(isTakenBefore(path, known), "gate.paths", paths, path + Open.WITHOUT_TICKET);
        }
    }

    /** Whether the first chain that takes an example of this pattern is one that something else opens. */
    private static boolean isTakenBefore(String pattern, List<SecurityWebFilterChain> chains) {
        boolean taken = false;
        try {
            ServerWebExchange exchange = exchange(Open.example(pattern));
            for (SecurityWebFilterChain chain : chains) {
                if (Boolean.TRUE.equals(chain.matches(exchange).block(PATIENCE))) {
                    if (TicketAuthenticationCustomizer.isOpenedByTicketOnly(chain)) {
                        return taken;
                    }
                    taken = true;
                }
            }
        } catch (RuntimeException e) {
            // A pattern that no path can be made of, or a matcher that asks for more than a path: nothing can be told.
        }
        return false;
    }

    /** One that knows its request and nothing else. */
    private static ServerWebExchange exchange(String path) {
        ServerHttpRequest request = new Get(path);
        Map<String, Object> attributes = new HashMap<>();
        InvocationHandler answers = (proxy, method, arguments) -> switch (method.getName()) {
            case "getRequest" -> request;
            case "getAttributes" -> attributes;
            default -> {
                if (method.isDefault()) {
                    yield InvocationHandler.invokeDefault(proxy, method, arguments);
                }
                throw new UnsupportedOperationException(method.getName());
            }
        };
        return (ServerWebExchange) Proxy.newProxyInstance(
                GatePathsWebCheck.class.getClassLoader(), new Class<?>[] {ServerWebExchange.class}, answers);
    }

    private static final class Get extends AbstractServerHttpRequest {

        Get(String path) {
            super(
                    HttpMethod.GET,
                    URI.create("http://localhost" + UriUtils.encodePath(path, StandardCharsets.UTF_8)),
                    null,
                    new HttpHeaders());
        }

        @Override
        protected MultiValueMap<String, HttpCookie> initCookies() {
            return new LinkedMultiValueMap<>();
        }

        @Override
        protected @Nullable SslInfo initSslInfo() {
            return null;
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals")
        public <T> T getNativeRequest() {
            throw new UnsupportedOperationException("No server has received it");
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return Flux.empty();
        }
    }
}
