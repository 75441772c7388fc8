// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta.example;

import io.github.realtimeticket.BoundedTicketStore;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.jakarta.PageTicket;
import io.github.realtimeticket.jakarta.PageTicketFilter;
import io.github.realtimeticket.jakarta.SessionEnds;
import io.github.realtimeticket.jakarta.TicketConfigurator;
import io.github.realtimeticket.jakarta.TicketFilter;
import io.github.realtimeticket.jakarta.TicketGrants;
import io.github.realtimeticket.jakarta.TicketServlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.util.Optional;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.tomcat.websocket.server.WsSci;

/** A web application in one file: a login, a page, and a WebSocket that knows who opened it, and ends with the login. */
public final class Hello implements AutoCloseable {

    /** Opened by a ticket, and by nothing else. */
    @ServerEndpoint(value = "/realtime/hello", configurator = TicketConfigurator.class)
    public static class HelloSocket {

        @OnOpen
        public void greet(Session session) throws IOException {
            session.getBasicRemote()
                    .sendText("Hello " + session.getUserPrincipal().getName());
        }
    }

    /** The page at /, for whoever is logged in; for others, a login without a password, which is yours to write. */
    private static final class Page extends HttpServlet {

        private static final String LOGIN = """
                <!doctype html>
                <form method="post"><input name="user" autofocus><button>Log in</button></form>
                """;

        private static final String PAGE = """
                <!doctype html>
                <form method="post" action="logout"><button>Log out</button></form>
                <script type="module">
                  let ticket = "%s";
                  if (!ticket) {
                    const answer = await fetch("ticket/", { method: "POST" });
                    ticket = (await answer.json()).message;
                  }
                  const socket = new WebSocket(`${location.origin.replace("http", "ws")}/realtime/hello?ticket=${ticket}`);
                  socket.onmessage = ({ data }) => document.body.append(data);
                </script>
                """;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            var ticket = (PageTicket) request.getAttribute(PageTicketFilter.ATTRIBUTE);
            response.setContentType("text/html;charset=UTF-8");
            response.getWriter().write(user(request).isEmpty() ? LOGIN : PAGE.formatted(ticket.getText()));
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getServletPath().equals("/logout")) {
                request.getSession().invalidate();
            } else {
                request.getSession().setAttribute("user", request.getParameter("user"));
            }
            response.sendRedirect(request.getContextPath() + "/");
        }
    }

    private final Tomcat tomcat = new Tomcat();

    private Hello(int port, TicketStore store, Revocations revocations) throws LifecycleException {
        tomcat.setPort(port);
        // Its own page for a request that it cannot read has a stack trace, and what was sent.
        var errors = new ErrorReportValve();
        errors.setShowReport(false);
        tomcat.getHost().getPipeline().addValve(errors);
        Context context = tomcat.addContext("", null);
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer((classes, started) -> register(started, store, revocations), null);
        tomcat.start();
    }

    static Hello start(int port, TicketStore store, Revocations revocations) throws LifecycleException {
        return new Hello(port, store, revocations);
    }

    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    private static void register(ServletContext context, TicketStore store, Revocations revocations)
            throws ServletException {
        Tickets tickets = Tickets.builder(new BoundedTicketStore(store))
                .revocations(revocations)
                .build();
        Issuer issuer = Issuer.of(tickets);
        TicketGrants users = request -> user(request).map(user -> TicketGrant.to(TicketHolder.of(user, user)));

        context.addListener(new SessionEnds(revocations));
        TicketServlet.of(issuer).withGrants(users.inSession()).register(context, "/ticket/");
        PageTicketFilter.of(issuer).withGrants(users.inSession()).register(context, "/*");
        TicketFilter.webSockets(Gate.of(tickets)).register(context, "/realtime/*");

        context.addServlet("page", new Page()).addMapping("/");
        try {
            ServerContainer sockets = (ServerContainer) context.getAttribute(ServerContainer.class.getName());
            sockets.addEndpoint(HelloSocket.class);
        } catch (DeploymentException e) {
            throw new ServletException(e);
        }
    }

    private static Optional<String> user(HttpServletRequest request) {
        return Optional.ofNullable(request.getSession(false)).map(session -> (String) session.getAttribute("user"));
    }

    @Override
    public void close() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
    }

    /** Starts it at http://localhost:8080/. */
    public static void main(String... arguments) throws LifecycleException {
        Hello started = start(8080, TicketStore.inMemory(), Revocations.inMemory());
        started.tomcat.getServer().await();
    }
}
