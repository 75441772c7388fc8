// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.testkit.ConnectionContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;

/** Jakarta WebSockets and event streams end with the login, in every container. */
class JakartaConnectionContractTest {

    /** Knows nothing of tickets, and closes when it is asked to. */
    @ServerEndpoint("/realtime/socket")
    public static class Socket {

        private static final Queue<Session> SESSIONS = new ConcurrentLinkedQueue<>();
        private static final AtomicLong HEARD = new AtomicLong();

        @OnOpen
        public void open(Session session) throws IOException {
            synchronized (session) {
                SESSIONS.add(session);
                session.getBasicRemote().sendText(session.getUserPrincipal().getName());
            }
        }

        static void broadcast(String text) {
            for (Session session : SESSIONS) {
                synchronized (session) {
                    try {
                        session.getBasicRemote().sendText(text);
                    } catch (IOException | IllegalStateException e) {
                        // It is closed.
                    }
                }
            }
        }

        @OnMessage
        public void close(String bye, Session session) throws IOException {
            HEARD.incrementAndGet();
            // Undertow waits for a client to cut the line, for ever unless told otherwise.
            session.setMaxIdleTimeout(1_000);
            session.close();
        }
    }

    /** Begins with the user's name, in a thread of its own that is told by sending alone that nobody listens any more. */
    static final class Streaming extends HttpServlet {

        private static final byte[] BEAT = {':', '\n'};

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            AsyncContext async = request.startAsync();
            async.setTimeout(0);
            begin(request, async.getResponse());
            if (request.getParameter("bye") != null) {
                async.complete();
            } else {
                new Thread(() -> goOn(async), "event-stream").start();
            }
        }

        private static void goOn(AsyncContext async) {
            try {
                beat(async.getResponse().getOutputStream());
            } catch (IOException e) {
                async.complete();
            }
        }

        static void begin(HttpServletRequest request, ServletResponse response) throws IOException {
            response.setContentType("text/event-stream;charset=UTF-8");
            response.getOutputStream().print("data: " + request.getRemoteUser() + "\n\n");
            response.flushBuffer();
        }

        static void beat(OutputStream stream) throws IOException {
            while (true) {
                pause();
                stream.write(BEAT);
                stream.flush();
            }
        }

        private static void pause() {
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The same, in the request's own thread, in one container: {@link EventStreamTest} has it in each. */
    static final class Blocking extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Streaming.begin(request, response);
            if (request.getParameter("bye") == null) {
                Streaming.beat(response.getOutputStream());
            }
        }
    }

    @Nested
    class AWebSocketInTomcat extends Served {
        AWebSocketInTomcat() {
            super(Container.TOMCAT, "ws", "/realtime/socket");
        }
    }

    @Nested
    class AWebSocketInJetty extends Served {
        AWebSocketInJetty() {
            super(Container.JETTY, "ws", "/realtime/socket");
        }
    }

    @Nested
    class AWebSocketInUndertow extends Served {
        AWebSocketInUndertow() {
            super(Container.UNDERTOW, "ws", "/realtime/socket");
        }
    }

    @Nested
    class AnEventStreamInTomcat extends Served {
        AnEventStreamInTomcat() {
            super(Container.TOMCAT, "http", "/realtime/stream");
        }
    }

    @Nested
    class AnEventStreamInJetty extends Served {
        AnEventStreamInJetty() {
            super(Container.JETTY, "http", "/realtime/stream");
        }
    }

    @Nested
    class AnEventStreamInUndertow extends Served {
        AnEventStreamInUndertow() {
            super(Container.UNDERTOW, "http", "/realtime/stream");
        }
    }

    @Nested
    class ABlockingEventStreamInTomcat extends Served {
        ABlockingEventStreamInTomcat() {
            super(Container.TOMCAT, "http", "/realtime/blocking");
        }
    }

    abstract static class Served extends ConnectionContract {

        private final Container container;
        private final String scheme;
        private final String path;

        Served(Container container, String scheme, String path) {
            this.container = container;
            this.scheme = scheme;
            this.path = path;
        }

        @Override
        protected RunningServer serve(Gate gate) throws Exception {
            return start(container, gate, scheme, path);
        }

        @Override
        protected void broadcast(String text) {
            Socket.broadcast(text);
        }

        @Override
        protected long heard() {
            Assumptions.assumeTrue(
                    container == Container.TOMCAT, "Jetty and Undertow take no annotated endpoint's handlers away");
            return Socket.HEARD.get();
        }
    }

    static RunningServer start(Container container, Gate gate, String scheme, String path) throws Exception {
        Container.Running running = container.start(context -> register(context, gate));
        return RunningServer.of(() -> running.uri(scheme, path), running::close);
    }

    private static void register(ServletContext context, Gate gate) {
        TicketFilter.of(gate).register(context, "/realtime/*");
        Site.add(context, "/realtime/stream", new Streaming());
        Site.add(context, "/realtime/blocking", new Blocking());
        try {
            ((ServerContainer) context.getAttribute(ServerContainer.class.getName())).addEndpoint(Socket.class);
        } catch (DeploymentException e) {
            throw new IllegalStateException(e);
        }
    }
}
