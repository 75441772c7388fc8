// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.FilterInvocation;

/** A request that no client has sent, which knows its path, and what matchers note in it. */
class ExampleRequest extends HttpServletRequestWrapper {

    /** One without servlets: a matcher that Spring Security 6 makes of a string asks for those, and matches as Ant's then. */
    private static final ServletContext CONTEXT = (ServletContext) Proxy.newProxyInstance(
            ExampleRequest.class.getClassLoader(),
            new Class<?>[] {ServletContext.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "getServletRegistrations" -> Map.of();
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> throw new UnsupportedOperationException(method.getName());
            });

    private final Map<String, @Nullable Object> noted = new HashMap<>();

    private ExampleRequest(String path, String method) {
        super(new FilterInvocation("", path, method, CONTEXT).getRequest());
    }

    /** One that has no headers and no parameters. */
    static HttpServletRequest get(String path) {
        return new ExampleRequest(path, "GET");
    }

    /**
     * Those that differ in what the chains of applications tell apart: the methods that open connections (CONNECT a WebSocket over HTTP/2), as a
     * handshake or not, with a ticket or without.
     */
    static Stream<HttpServletRequest> all(String path) {
        return Stream.of("GET", "POST", "CONNECT")
                .flatMap(method -> Stream.of(
                        new Varied(path, method, false, false),
                        new Varied(path, method, false, true),
                        new Varied(path, method, true, false),
                        new Varied(path, method, true, true)));
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

    /** One that leaves open what it does not know: a matcher that asks for that fails. */
    private static final class Varied extends ExampleRequest {

        private final boolean upgrade;
        private final boolean ticket;

        Varied(String path, String method, boolean upgrade, boolean ticket) {
            super(path, method);
            this.upgrade = upgrade;
            this.ticket = ticket;
        }

        @Override
        public @Nullable String getHeader(String name) {
            if (name.equalsIgnoreCase("Upgrade")) {
                return upgrade ? "websocket" : null;
            }
            if (name.equalsIgnoreCase("Connection")) {
                return upgrade ? "Upgrade" : null;
            }
            throw new UnsupportedOperationException(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            String value = getHeader(name);
            return Collections.enumeration(value == null ? List.of() : List.of(value));
        }

        @Override
        public @Nullable String getParameter(String name) {
            if (name.equals("ticket")) {
                return ticket ? "x" : null;
            }
            throw new UnsupportedOperationException(name);
        }

        @Override
        public @Nullable String getQueryString() {
            return ticket ? "ticket=x" : null;
        }

        @Override
        public Map<String, String[]> getParameterMap() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String[] getParameterValues(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Enumeration<String> getParameterNames() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String getServerName() {
            throw new UnsupportedOperationException();
        }
    }
}
