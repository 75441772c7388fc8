// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A web application that knows its users by a session, issues at {@code /ticket/}, and admits by ticket below {@code /realtime/}. */
class Site implements Container.Application {

    /** What opened and closed, by the username. */
    final Queue<String> seen = new ConcurrentLinkedQueue<>();

    private final Gate gate;
    private final Issuer issuer;

    Site(Gate gate, Issuer issuer) {
        this.gate = gate;
        this.issuer = issuer;
    }

    @Override
    public void register(ServletContext context) {
        servlet(issuer).register(context, "/ticket/");
        PageTicketFilter.of(issuer).withGrants(Site::grant).register(context, "/pages/*");
        filter().register(context, "/realtime/*");
        add(context, "/login", new Login());
        add(context, "/realtime/plain", new Plain());
        add(context, "/me", new Me());
        addMore(context);
        try {
            ServerContainer sockets = (ServerContainer) context.getAttribute(ServerContainer.class.getName());
            sockets.addEndpoint(ServerEndpointConfig.Builder.create(Greeting.class, "/realtime/socket")
                    .subprotocols(List.of("chat"))
                    .configurator(configurator())
                    .build());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static TicketServlet servlet(Issuer issuer) {
        return TicketServlet.of(issuer).withGrants(Site::grant).withCsrfProof(request -> inSession(request, "csrf")
                .filter(expected -> expected.equals(request.getHeader("X-CSRF-Token")))
                .isPresent());
    }

    TicketFilter filter() {
        return TicketFilter.of(gate);
    }

    ServerEndpointConfig.Configurator configurator() {
        return new Opening();
    }

    void addMore(ServletContext context) {}

    static void add(ServletContext context, String path, HttpServlet servlet) {
        ServletRegistration.Dynamic registration = context.addServlet(path, servlet);
        registration.setAsyncSupported(true);
        var unused = registration.addMapping(path);
    }

    /** Gives every request that comes here a principal. */
    static void logInEverybody(ServletContext context, String path) {
        logInEverybody(context, path, () -> "alice");
    }

    static void logInEverybody(ServletContext context, String path, Principal everybody) {
        Filter login = (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public Principal getUserPrincipal() {
                        return everybody;
                    }
                },
                response);
        var registration = context.addFilter("login", login);
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(null, false, path);
    }

    static Optional<TicketGrant> grant(HttpServletRequest request) {
        return inSession(request, "user").map(user -> TicketGrant.to(TicketHolder.of(user, user)));
    }

    static Optional<String> inSession(HttpServletRequest request, String name) {
        HttpSession session = request.getSession(false);
        return session == null ? Optional.empty() : Optional.ofNullable((String) session.getAttribute(name));
    }

    static void write(HttpServletResponse response, String text) {
        try {
            response.setContentType("text/plain;charset=UTF-8");
            response.getWriter().write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes endpoints that write down what they see. */
    class Opening extends ServerEndpointConfig.Configurator {

        @Override
        public <T> T getEndpointInstance(Class<T> type) {
            return type.cast(new Greeting(seen));
        }

        @Override
        public boolean checkOrigin(String origin) {
            return true;
        }

        @Override
        public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
            return requested.stream().filter(supported::contains).findFirst().orElse("");
        }
    }

    /** A WebSocket that greets its user by name. */
    public static class Greeting extends Endpoint {

        private final Queue<String> seen;

        Greeting(Queue<String> seen) {
            this.seen = seen;
        }

        @Override
        public void onOpen(Session session, EndpointConfig config) {
            seen.add("open " + session.getUserPrincipal().getName());
            session.addMessageHandler(String.class, text -> send(session, "got " + text));
            send(session, session.getUserPrincipal().getName());
        }

        // Tomcat takes no second message while it sends one asynchronously.
        void send(Session session, String text) {
            try {
                session.getBasicRemote().sendText(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void onClose(Session session, jakarta.websocket.CloseReason reason) {
            seen.add("close " + session.getUserPrincipal().getName());
        }
    }

    /** Begins a session for a user that is named, and shows its CSRF token. */
    private static final class Login extends HttpServlet {
        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.setCharacterEncoding("UTF-8");
            HttpSession session = request.getSession();
            session.setAttribute("user", request.getParameter("username"));
            session.setAttribute("csrf", UUID.randomUUID().toString());
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            write(
                    response,
                    "<input name=\"_csrf\" value=\""
                            + inSession(request, "csrf").orElse("") + "\">");
        }
    }

    /** Answers in another thread, with the user's name. */
    private static final class Plain extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            AsyncContext async = request.startAsync();
            async.start(() -> {
                write(response, request.getUserPrincipal().getName());
                async.complete();
            });
        }
    }

    private static final class Me extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            write(response, inSession(request, "user").orElse("nobody"));
        }
    }

    /** A servlet that is one method. */
    static final class Answering extends HttpServlet {

        private final transient Answer answer;

        Answering(Answer answer) {
            this.answer = answer;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            answer.to(request, response);
        }
    }

    interface Answer {
        void to(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;
    }
}
