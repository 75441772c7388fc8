// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.jakarta.TicketFilter;
import io.undertow.Undertow;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ListenerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/** Servlet containers with a Jakarta WebSocket, with the filter before it if there is a store. */
final class Containers {

    private Containers() {}

    static Stack.Server tomcat(@Nullable TicketStore store) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(
                Files.createTempDirectory("realtime-ticket-benchmarks").toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        StandardContext context = (StandardContext) tomcat.addContext("", null);
        Tomcat.addServlet(context, "default", new DefaultServlet());
        context.addServletMappingDecoded("/", "default");
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer((classes, started) -> register(started, store), null);
        tomcat.start();
        return new Stack.Server(tomcat.getConnector().getLocalPort(), () -> {
            tomcat.stop();
            tomcat.destroy();
        });
    }

    static Stack.Server jetty(@Nullable TicketStore store) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        JakartaWebSocketServletContainerInitializer.configure(context, null);
        context.addEventListener(new Registration(store));
        server.setHandler(context);
        server.start();
        return new Stack.Server(connector.getLocalPort(), server::stop);
    }

    static Stack.Server undertow(@Nullable TicketStore store) throws Exception {
        DeploymentInfo deployment = Servlets.deployment()
                .setClassLoader(Containers.class.getClassLoader())
                .setDeploymentName("benchmark")
                .setContextPath("/")
                .addListener(new ListenerInfo(
                        ServletContextListener.class, new ImmediateInstanceFactory<>(new Registration(store))))
                .addServletContextAttribute(
                        WebSocketDeploymentInfo.ATTRIBUTE_NAME,
                        new WebSocketDeploymentInfo().setBuffers(new DefaultByteBufferPool(false, 8192)));
        DeploymentManager manager = Servlets.defaultContainer().addDeployment(deployment);
        manager.deploy();
        Undertow server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setHandler(manager.start())
                .build();
        server.start();
        int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        return new Stack.Server(port, () -> {
            manager.stop();
            manager.undeploy();
            server.stop();
        });
    }

    private static void register(ServletContext context, @Nullable TicketStore store) {
        if (store != null) {
            TicketFilter.of(Gate.of(store)).register(context, "/realtime/*");
        }
        context.addServlet("events", new Events()).addMapping(Stack.STREAM_PATH);
        try {
            ServerContainer sockets = (ServerContainer) context.getAttribute(ServerContainer.class.getName());
            sockets.addEndpoint(ServerEndpointConfig.Builder.create(Silent.class, Stack.PATH)
                    .build());
        } catch (DeploymentException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Registration(@Nullable TicketStore store) implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            register(event.getServletContext(), store);
        }
    }

    /** One event, and no more. */
    private static final class Events extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/event-stream");
            response.getWriter().print(Stack.FIRST_EVENT);
        }
    }

    /** Takes whatever comes. */
    public static final class Silent extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {}
    }
}
