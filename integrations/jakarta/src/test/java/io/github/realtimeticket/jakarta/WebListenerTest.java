// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.net.URI;
import org.apache.catalina.Context;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.Test;

class WebListenerTest {

    private static final Tickets TICKETS = Tickets.of(TicketStore.inMemory());

    /** An endpoint that does not look who opens it. */
    @ServerEndpoint("/realtime/trusting")
    public static class Trusting {

        @OnOpen
        public void greet(Session session) throws IOException {
            session.getBasicRemote().sendText("hello");
        }
    }

    /** As {@code web.xml} or {@code @WebListener} names it. */
    public static class Starting implements ServletContextListener {

        @Override
        public void contextInitialized(ServletContextEvent event) {
            TicketServlet.of(Issuer.of(TICKETS)).register(event.getServletContext(), "/ticket/");
            TicketFilter.of(Gate.of(TICKETS)).register(event.getServletContext(), "/realtime/*");
            try {
                ((ServerContainer) event.getServletContext().getAttribute(ServerContainer.class.getName()))
                        .addEndpoint(Trusting.class);
            } catch (DeploymentException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void inTomcatAListenerPutsTheFilterBeforeTheUpgradeAndTheServletWhereItIs() throws Exception {
        var tomcat = new Tomcat();
        tomcat.setBaseDir(System.getProperty("java.io.tmpdir") + "/tomcat-with-listener");
        tomcat.setPort(0);
        Context context = tomcat.addContext("/app", null);
        Tomcat.addServlet(context, "default", new DefaultServlet());
        context.addServletMappingDecoded("/", "default");
        context.addServletContainerInitializer(new WsSci(), null);
        context.addApplicationListener(Starting.class.getName());
        tomcat.start();
        try {
            String server = "://127.0.0.1:" + tomcat.getConnector().getLocalPort();
            String socket = "ws" + server + "/app/realtime/trusting";
            String ticket = TICKETS.issue(TicketHolder.of(1, "alice"))
                    .toCompletableFuture()
                    .join()
                    .reveal();

            assertThat(Connection.status(URI.create(socket))).isEqualTo(401);
            assertThat(Connection.greeting(URI.create(socket + "?ticket=" + ticket), "https://app.example"))
                    .isEqualTo("hello");
            var stranger = new WebUser("http" + server);
            assertThat(stranger.post("/app/ticket/").statusCode()).isEqualTo(401);
            assertThat(stranger.post("/app/%74icket/").statusCode()).isEqualTo(404);
            assertThat(stranger.post("/%61pp/ticket/").statusCode()).isEqualTo(404);
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }
}
