// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.websocket.CloseReason;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TicketConfiguratorTest {

    private final Tickets tickets = Tickets.of(TicketStore.inMemory());

    @ServerEndpoint(value = "/realtime/annotated", configurator = TicketConfigurator.class)
    public static class Annotated {

        @OnOpen
        public void greet(Session session) throws IOException {
            session.getBasicRemote().sendText("hello " + session.getUserPrincipal());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnnotatedEndpointOpensForTheHolderOfATicket(Container container) throws Exception {
        try (var running = container.start(context -> {
            TicketFilter.of(Gate.of(tickets)).register(context, "/realtime/*");
            add(context);
        })) {
            var uri = running.uri("ws", "/realtime/annotated?ticket=" + issue());

            assertThat(Connection.greeting(uri, "https://app.example"))
                    .isEqualTo("hello TicketHolder[id=1, username=alice]");
        }
    }

    @Test
    void aSessionThatCannotBeAskedOnceIsForgottenAllTheSame() throws Exception {
        Gate gate = Gate.of(tickets);
        var asked = new AtomicInteger();
        var session = (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("isOpen") && asked.getAndIncrement() == 0) {
                        throw new IllegalStateException("as the test wants it");
                    }
                    return method.getReturnType() == boolean.class ? false : null;
                });

        LiveSession.register(
                session, (Admitted) gate.admit(Ticket.parse(issue()).orElseThrow())
                        .toCompletableFuture()
                        .join());

        eventually(() -> gate.connections().count() == 0);
        assertThat(asked).hasValueGreaterThan(1);
    }

    /** As in Jetty, which calls it open until its client has answered, and where its properties are for one thread alone. */
    @Test
    void aSessionThatIsToldToGoIsNotOpenWhateverItsContainerSays() {
        Gate gate = Gate.of(tickets);
        var isOpen = new AtomicBoolean(true);
        var session = (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(),
                new Class<?>[] {Session.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "isOpen" -> isOpen.get();
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    case "getMessageHandlers" -> Set.of();
                    case "getUserProperties" -> throw new IllegalStateException("as the test wants it");
                    default -> null;
                });
        var admitted = (Admitted) gate.admit(Ticket.parse(issue()).orElseThrow())
                .toCompletableFuture()
                .join();
        LiveSession.register(session, admitted);
        assertThat(TicketConfigurator.isOpen(session)).isTrue();

        admitted.connection().orElseThrow().close(3000, "unauthorized");

        assertThat(TicketConfigurator.isOpen(session)).isFalse();
        eventually(() -> gate.connections().count() == 0);
        assertThat(TicketConfigurator.isOpen(session)).isFalse();
        isOpen.set(false);
        assertThat(TicketConfigurator.isOpen(session)).isFalse();
    }

    @Test
    void aSessionThatKeepsItsHandlersIsClosedAllTheSame() {
        Gate gate = Gate.of(tickets);
        var reason = new AtomicReference<CloseReason>();
        var session = (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(),
                new Class<?>[] {Session.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "isOpen" -> reason.get() == null;
                    case "getMessageHandlers" -> throw new UnsupportedOperationException("as the test wants it");
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "close" -> {
                        reason.set((CloseReason) arguments[0]);
                        yield null;
                    }
                    default -> null;
                });
        var admitted = (Admitted) gate.admit(Ticket.parse(issue()).orElseThrow())
                .toCompletableFuture()
                .join();
        LiveSession.register(session, admitted);

        admitted.connection().orElseThrow().close(3000, "unauthorized");

        assertThat(reason.get()).isNotNull();
        assertThat(reason.get().getCloseCode().getCode()).isEqualTo(3000);
        eventually(() -> gate.connections().count() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void anEndpointThatNoFilterStandsBeforeStaysShut(Container container) throws Exception {
        try (var running = container.start(context -> {
            TicketFilter.of(Gate.of(tickets)).register(context, "/elsewhere/*");
            add(context);
        })) {
            assertThat(Connection.status(running.uri("ws", "/realtime/annotated?ticket=" + issue())))
                    .isEqualTo(500);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLoginThatMakesAHolderTheUserIsNoTicket(Container container) throws Exception {
        try (var running = container.start(context -> {
            Site.logInEverybody(context, "/realtime/*", TicketHolder.of(1, "alice"));
            add(context);
        })) {
            assertThat(Connection.status(running.uri("ws", "/realtime/annotated")))
                    .isEqualTo(500);
        }
    }

    @Test
    void inJettyAFilterThatIsAddedBeforeTheStartComesTooLateAndTheEndpointStaysShut() throws Exception {
        var server = new Server();
        var connector = new ServerConnector(server, 1, 1);
        server.addConnector(connector);
        var context = new ServletContextHandler();
        context.addFilter(TicketFilter.of(Gate.of(tickets)), "/realtime/*", EnumSet.allOf(DispatcherType.class));
        JakartaWebSocketServletContainerInitializer.configure(
                context, (started, sockets) -> sockets.addEndpoint(Annotated.class));
        server.setHandler(context);
        server.start();
        try {
            URI uri = URI.create("ws://127.0.0.1:" + connector.getLocalPort() + "/realtime/annotated");

            assertThat(Connection.status(uri)).isEqualTo(500);
        } finally {
            server.stop();
        }
    }

    private static void add(ServletContext context) {
        try {
            ((ServerContainer) context.getAttribute(ServerContainer.class.getName())).addEndpoint(Annotated.class);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String issue() {
        Ticket ticket =
                tickets.issue(TicketHolder.of(1, "alice")).toCompletableFuture().join();
        return ticket.reveal();
    }
}
