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

/**
 * As {@link GatePathsCheck}, in a reactive application, where the patterns of the application's own chains cannot be told.
 *
 * @param chains all that there are
 * @param paths the patterns that the properties name
 */
record GatePathsWebCheck(ObjectProvider<SecurityWebFilterChain> chains, List<String> paths)
        implements SmartInitializingSingleton {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Override
    public void afterSingletonsInstantiated() {
        List<SecurityWebFilterChain> known = chains.orderedStream().toList();
        for (String path : paths) {
            boolean taken = Open.isTakenBefore(
                            known,
                            chain -> takes(chain, Open.example(path)),
                            TicketAuthenticationCustomizer::isOpenedByTicketOnly)
                    .orElse(false);
            WrongProperty.refuse(taken, "gate.paths", paths, path + Open.WITHOUT_TICKET);
        }
    }

    /** Fails for what no path can be made of. */
    private static boolean takes(SecurityWebFilterChain chain, String path) {
        return Boolean.TRUE.equals(chain.matches(exchange(new Get(path))).block(PATIENCE));
    }

    /** One that knows its request and nothing else. */
    private static ServerWebExchange exchange(ServerHttpRequest request) {
        Map<String, Object> attributes = new HashMap<>();
        InvocationHandler known = (proxy, method, arguments) -> switch (method.getName()) {
            case "getRequest" -> request;
            case "getAttributes" -> attributes;
            case "toString" -> request.getURI().toString();
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> {
                if (method.isDefault()) {
                    yield InvocationHandler.invokeDefault(proxy, method, arguments);
                }
                throw new UnsupportedOperationException(method.getName());
            }
        };
        return (ServerWebExchange) Proxy.newProxyInstance(
                GatePathsWebCheck.class.getClassLoader(), new Class<?>[] {ServerWebExchange.class}, known);
    }

    /** One that no client has sent, without headers, parameters, cookies and a body. */
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
