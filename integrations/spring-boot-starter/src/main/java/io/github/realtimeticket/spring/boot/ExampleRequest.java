// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.FilterInvocation;
import org.springframework.util.LinkedCaseInsensitiveMap;

/** A request that no client has sent, which knows its path, and what matchers note in it. */
final class ExampleRequest extends HttpServletRequestWrapper {

    private final Map<String, @Nullable Object> noted = new HashMap<>();

    private ExampleRequest(HttpServletRequest request) {
        super(request);
    }

    /** One that has no headers and no parameters. */
    static HttpServletRequest get(String path) {
        return new ExampleRequest(new FilterInvocation(path, "GET").getRequest());
    }

    /**
     * Those that differ in what the chains of applications tell apart: the methods that open connections (CONNECT a WebSocket over HTTP/2), as a
     * handshake or not, with a ticket or without.
     */
    static Stream<HttpServletRequest> all(String path) {
        return Stream.of("GET", "POST", "CONNECT")
                .map(method -> new FilterInvocation(path, method).getRequest())
                .flatMap(request -> Stream.of(
                        varied(request, false, false),
                        varied(request, false, true),
                        varied(request, true, false),
                        varied(request, true, true)));
    }

    /** One that leaves open what it does not know: a matcher that asks for that fails. */
    private static HttpServletRequest varied(HttpServletRequest request, boolean upgrade, boolean ticket) {
        Map<String, @Nullable String> headers = new LinkedCaseInsensitiveMap<>();
        headers.put("Upgrade", upgrade ? "websocket" : null);
        headers.put("Connection", upgrade ? "Upgrade" : null);
        Map<String, @Nullable String> parameters = Collections.singletonMap("ticket", ticket ? "x" : null);
        InvocationHandler known = (proxy, method, arguments) -> switch (method.getName()) {
            case "getMethod", "getRequestURI", "getContextPath", "getServletPath", "getPathInfo" ->
                method.invoke(request);
            case "getQueryString" -> ticket ? "ticket=x" : null;
            case "getHeader" -> known(headers, arguments[0]);
            case "getHeaders" ->
                Collections.enumeration(
                        Stream.ofNullable(known(headers, arguments[0])).toList());
            case "getParameter" -> known(parameters, arguments[0]);
            default -> Open.unknown(proxy, method, arguments);
        };
        return new ExampleRequest((HttpServletRequest) Proxy.newProxyInstance(
                ExampleRequest.class.getClassLoader(), new Class<?>[] {HttpServletRequest.class}, known));
    }

    /** What is there by this name, which may be nothing. */
    private static @Nullable String known(Map<String, @Nullable String> all, Object name) {
        if (!all.containsKey(name)) {
            throw new UnsupportedOperationException(name.toString());
        }
        return all.get(name);
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return noted.get(name);
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        noted.put(name, value);
    }

    @Override
    public void removeAttribute(String name) {
        noted.remove(name);
    }
}
