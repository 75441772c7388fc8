// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.fixtures.WebUser;
import io.undertow.Undertow;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ListenerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.File;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.session.StandardManager;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.websocket.server.WsSci;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A servlet container that runs an application on a free port of the loopback interface. */
enum Container {
    TOMCAT {
        @Override
        Running start(Application application) throws Exception {
            Tomcat tomcat = new Tomcat();
            tomcat.setBaseDir(System.getProperty("java.io.tmpdir") + "/tomcat-"
                    + ProcessHandle.current().pid());
            tomcat.setPort(0);
            tomcat.getConnector().setProperty("address", "127.0.0.1");
            tomcat.getConnector().setProperty("maxThreads", String.valueOf(THREADS));
            tomcat.getConnector().setProperty("minSpareThreads", "2");
            application.executor().ifPresent(tomcat.getConnector().getProtocolHandler()::setExecutor);
            // Its own pages for malformed requests have a stack trace unless told otherwise.
            var errors = new ErrorReportValve();
            errors.setShowReport(false);
            tomcat.getHost().getPipeline().addValve(errors);
            StandardContext context = (StandardContext) tomcat.addContext(
                    "", application.files().map(Path::toString).orElse(null));
            // Tomcat calls no filter for what no servlet is there for.
            Tomcat.addServlet(context, "default", new DefaultServlet());
            context.addServletMappingDecoded("/", "default");
            var sorry = new ErrorPage();
            sorry.setErrorCode(SORRY_STATUS);
            sorry.setLocation(SORRY);
            context.addErrorPage(sorry);
            // Otherwise it looks once a minute which sessions have expired.
            context.setBackgroundProcessorDelay(1);
            var sessions = new StandardManager();
            sessions.setProcessExpiresFrequency(1);
            context.setManager(sessions);
            context.addServletContainerInitializer(new WsSci(), null);
            context.addServletContainerInitializer((classes, started) -> application.register(started), null);
            tomcat.start();
            return new Running(tomcat.getConnector().getLocalPort(), () -> {
                tomcat.stop();
                tomcat.destroy();
            });
        }
    },

    JETTY {
        @Override
        Running start(Application application) throws Exception {
            Server server = new Server(new QueuedThreadPool(THREADS));
            var http = new HttpConfiguration();
            ServerConnector connector = new ServerConnector(
                    server, 1, 1, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
            ServletContextHandler context = new ServletContextHandler(ServletContextHandler.SESSIONS);
            var errors = new ErrorPageErrorHandler();
            errors.addErrorPage(SORRY_STATUS, SORRY);
            context.setErrorHandler(errors);
            application.files().ifPresent(context::setBaseResourceAsPath);
            context.setClassLoader(Container.class.getClassLoader());
            context.setTempDirectory(new File(System.getProperty("java.io.tmpdir"), "jetty"));
            JakartaWebSocketServletContainerInitializer.configure(context, null);
            context.addEventListener(application.listener());
            server.setHandler(context);
            server.start();
            return new Running(connector.getLocalPort(), server::stop);
        }
    },

    UNDERTOW {
        @Override
        Running start(Application application) throws Exception {
            DeploymentInfo deployment = Servlets.deployment()
                    .setClassLoader(Container.class.getClassLoader())
                    .setDeploymentName("application")
                    .setContextPath("/")
                    .addErrorPage(new io.undertow.servlet.api.ErrorPage(SORRY, SORRY_STATUS))
                    .addListener(new ListenerInfo(
                            ServletContextListener.class, new ImmediateInstanceFactory<>(application.listener())))
                    .addServletContextAttribute(
                            WebSocketDeploymentInfo.ATTRIBUTE_NAME,
                            new WebSocketDeploymentInfo().setBuffers(new DefaultByteBufferPool(false, 8192)));
            application.files().map(PathResourceManager::new).ifPresent(deployment::setResourceManager);
            DeploymentManager manager = Servlets.defaultContainer().addDeployment(deployment);
            manager.deploy();
            Undertow server = Undertow.builder()
                    .addHttpListener(0, "127.0.0.1")
                    .setIoThreads(2)
                    .setWorkerThreads(THREADS)
                    .setHandler(manager.start())
                    .build();
            server.start();
            int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
            return new Running(port, () -> {
                manager.stop();
                manager.undeploy();
                server.stop();
            });
        }
    };

    /** How many threads it has for requests. */
    static final int THREADS = 12;

    /** Where the page is that it shows for this status. */
    static final String SORRY = "/realtime/sorry";

    static final int SORRY_STATUS = 418;

    abstract Running start(Application application) throws Exception;

    /** What registers its servlets, filters and endpoints. */
    interface Application {

        void register(ServletContext context);

        /** What Tomcat runs requests in, if not in its own threads. */
        default Optional<Executor> executor() {
            return Optional.empty();
        }

        /** The folder of the files that it serves, if it does. */
        default Optional<Path> files() {
            return Optional.empty();
        }

        private ServletContextListener listener() {
            return new ServletContextListener() {
                @Override
                public void contextInitialized(ServletContextEvent event) {
                    register(event.getServletContext());
                }
            };
        }
    }

    /** A container that was started. */
    record Running(int port, Stop stop) implements AutoCloseable {

        URI uri(String scheme, String path) {
            return URI.create(scheme + "://127.0.0.1:" + port + path);
        }

        /** A user whom a {@link Site} does not know. */
        WebUser stranger() {
            return new WebUser("http://127.0.0.1:" + port);
        }

        /** A user of a {@link Site}. */
        WebUser login(String username) throws Exception {
            return stranger().logsIn(username, "none");
        }

        @Override
        public void close() {
            try {
                stop.now();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    interface Stop {
        void now() throws Exception;
    }
}
