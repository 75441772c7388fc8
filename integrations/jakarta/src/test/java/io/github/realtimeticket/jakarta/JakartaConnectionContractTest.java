// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.testkit.ConnectionContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;

/** Jakarta WebSockets and event streams end with the login, in every container. */
class JakartaConnectionContractTest {

    /** Says when it is open, and closes when it is asked to. */
    @ServerEndpoint(value = "/realtime/socket", configurator = TicketConfigurator.class)
    public static class Socket {

        @OnOpen
        public void open(Session session) throws IOException {
            TicketConfigurator.opened(session);
            session.getBasicRemote().sendText(session.getUserPrincipal().getName());
        }

        @OnMessage
        public void close(String bye, Session session) throws IOException {
            // Undertow waits for a client to cut the line, for ever unless told otherwise.
            session.setMaxIdleTimeout(1_000);
            session.close();
        }
    }

    @Nested
    class AWebSocketInTomcat extends Served {
        AWebSocketInTomcat() {
            super(Container.TOMCAT, "ws", "/realtime/socket");
        }
    }

    @Nested
    class AnEventStreamInTomcat extends Served {
        AnEventStreamInTomcat() {
            super(Container.TOMCAT, "http", "/realtime/stream");
        }
    }

    @Nested
    class AWebSocketInJetty extends Served {
        AWebSocketInJetty() {
            super(Container.JETTY, "ws", "/realtime/socket");
        }
    }

    @Nested
    class AnEventStreamInJetty extends Served {
        AnEventStreamInJetty() {
            super(Container.JETTY, "http", "/realtime/stream");
        }
    }

    @Nested
    class AWebSocketInUndertow extends Served {
        AWebSocketInUndertow() {
            super(Container.UNDERTOW, "ws", "/realtime/socket");
        }
    }

    @Nested
    class AnEventStreamInUndertow extends Served {
        AnEventStreamInUndertow() {
            super(Container.UNDERTOW, "http", "/realtime/stream");
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
            Container.Running running = container.start(context -> register(context, gate));
            return new RunningServer() {
                @Override
                public URI uri() {
                    return running.uri(scheme, path);
                }

                @Override
                public void close() {
                    running.close();
                }
            };
        }

        private static void register(ServletContext context, Gate gate) {
            TicketFilter.of(gate).register(context, "/realtime/*");
            Site.add(context, "/realtime/stream", new Site.Answering(Served::stream));
            try {
                ((ServerContainer) context.getAttribute(ServerContainer.class.getName())).addEndpoint(Socket.class);
            } catch (DeploymentException e) {
                throw new IllegalStateException(e);
            }
        }

        // That a client has gone is learned by sending alone.
        private static void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
            AsyncContext async = request.startAsync();
            async.setTimeout(0);
            response.setContentType("text/event-stream;charset=UTF-8");
            ServletOutputStream events = response.getOutputStream();
            send(events, "data: " + request.getUserPrincipal().getName() + "\n\n");
            Thread beats = new Thread(() -> {
                try {
                    while (request.getParameter("bye") == null) {
                        send(events, ":\n\n");
                        TimeUnit.MILLISECONDS.sleep(20);
                    }
                    async.complete();
                } catch (IOException | InterruptedException | RuntimeException e) {
                    complete(async);
                }
            });
            beats.setDaemon(true);
            beats.start();
        }

        private static void send(ServletOutputStream events, String text) throws IOException {
            events.write(text.getBytes(StandardCharsets.UTF_8));
            events.flush();
        }

        private static void complete(AsyncContext async) {
            try {
                async.complete();
            } catch (IllegalStateException e) {
                // Its login has ended it.
            }
        }
    }
}
