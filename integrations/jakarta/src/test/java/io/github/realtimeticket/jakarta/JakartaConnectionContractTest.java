// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.testkit.ConnectionContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.WebSocketConnectionContract;
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
import org.junit.jupiter.api.Nested;

/** Jakarta WebSockets and event streams end with the login, in every container. */
class JakartaConnectionContractTest {

    /** Asks whether its client may still say something, and closes when it is asked to. */
    @ServerEndpoint("/realtime/socket")
    public static class Socket {

        private static final Queue<Session> SESSIONS = new ConcurrentLinkedQueue<>();
        private static final AtomicLong HEARD = new AtomicLong();
        private static final AtomicLong HEARD_WHILE_OPEN = new AtomicLong();

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
            if (!TicketConfigurator.isOpen(session)) {
                return;
            }
            HEARD_WHILE_OPEN.incrementAndGet();
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
    class AWebSocketInTomcat extends Endpoints {
        AWebSocketInTomcat() {
            super(Container.TOMCAT);
        }

        // Even an endpoint that does not ask hears nobody.
        @Override
        protected long heard() {
            return Socket.HEARD.get();
        }
    }

    @Nested
    class AWebSocketInJetty extends Endpoints {
        AWebSocketInJetty() {
            super(Container.JETTY);
        }
    }

    @Nested
    class AWebSocketInUndertow extends Endpoints {
        AWebSocketInUndertow() {
            super(Container.UNDERTOW);
        }
    }

    @Nested
    class AnEventStreamInTomcat extends Streams {
        AnEventStreamInTomcat() {
            super(Container.TOMCAT, "/realtime/stream");
        }
    }

    @Nested
    class AnEventStreamInJetty extends Streams {
        AnEventStreamInJetty() {
            super(Container.JETTY, "/realtime/stream");
        }
    }

    @Nested
    class AnEventStreamInUndertow extends Streams {
        AnEventStreamInUndertow() {
            super(Container.UNDERTOW, "/realtime/stream");
        }
    }

    @Nested
    class ABlockingEventStreamInTomcat extends Streams {
        ABlockingEventStreamInTomcat() {
            super(Container.TOMCAT, "/realtime/blocking");
        }
    }

    abstract static class Streams extends ConnectionContract {

        private final Container container;
        private final String path;

        Streams(Container container, String path) {
            this.container = container;
            this.path = path;
        }

        @Override
        protected RunningServer serve(Gate gate) throws Exception {
            return start(container, gate, "http", path);
        }
    }

    abstract static class Endpoints extends WebSocketConnectionContract {

        private final Container container;

        Endpoints(Container container) {
            this.container = container;
        }

        @Override
        protected RunningServer serve(Gate gate) throws Exception {
            return start(container, gate, "ws", "/realtime/socket");
        }

        @Override
        protected void broadcast(String text) {
            Socket.broadcast(text);
        }

        @Override
        protected long heard() {
            return Socket.HEARD_WHILE_OPEN.get();
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
