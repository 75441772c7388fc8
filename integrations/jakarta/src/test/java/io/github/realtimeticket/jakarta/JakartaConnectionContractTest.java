// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.testkit.ConnectionContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import jakarta.servlet.ServletContext;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.net.URI;
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
            super(Container.TOMCAT);
        }
    }

    @Nested
    class AWebSocketInJetty extends Served {
        AWebSocketInJetty() {
            super(Container.JETTY);
        }
    }

    @Nested
    class AWebSocketInUndertow extends Served {
        AWebSocketInUndertow() {
            super(Container.UNDERTOW);
        }
    }

    abstract static class Served extends ConnectionContract {

        private final Container container;

        Served(Container container) {
            this.container = container;
        }

        @Override
        protected RunningServer serve(Gate gate) throws Exception {
            Container.Running running = container.start(context -> register(context, gate));
            return new RunningServer() {
                @Override
                public URI uri() {
                    return running.uri("ws", "/realtime/socket");
                }

                @Override
                public void close() {
                    running.close();
                }
            };
        }

        private static void register(ServletContext context, Gate gate) {
            TicketFilter.of(gate).register(context, "/realtime/*");
            try {
                ((ServerContainer) context.getAttribute(ServerContainer.class.getName())).addEndpoint(Socket.class);
            } catch (DeploymentException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
