// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Log;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A container's sessions become connections, with no line of the application's. */
class OpeningSessionsTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    private static final long MUCH_LATER =
            System.nanoTime() + Duration.ofHours(1).toNanos();

    private final Revocations revocations = Revocations.inMemory();
    private final Tickets tickets =
            Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
    private final Gate gate = Gate.of(tickets);

    /** Greets, or fails. */
    public static final class Greeting extends Endpoint {

        private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

        @Override
        public void onOpen(Session session, EndpointConfig config) {
            SEEN.add("opened");
            if (session.getRequestParameterMap().containsKey("fails")) {
                throw new IllegalStateException("as the test wants it");
            }
            try {
                session.getBasicRemote().sendText("hello");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void onClose(Session session, CloseReason reason) {
            SEEN.add("closed");
        }
    }

    /** Says itself that it is open, and again. */
    @ServerEndpoint(value = "/realtime/saying", configurator = TicketConfigurator.class)
    public static class Saying {

        @OnOpen
        public void open(Session session) {
            TicketConfigurator.opened(session);
            TicketConfigurator.opened(session);
        }
    }

    /** As Jetty's does. */
    public record ShowingContainer(List<?> getOpenSessions) {}

    @ParameterizedTest
    @EnumSource
    void socketsOfTheVerySameHolderAreToldApart(Container container) throws Exception {
        try (var running = container.start(context -> register(context, () -> {}))) {
            var sockets = new ArrayList<Connection>();
            for (int i = 0; i < 6; i++) {
                sockets.add(Connection.open(running.uri("ws", "/realtime/greeting?ticket=" + issue("session " + i))));
            }
            eventually(() -> gate.connections().count() == 6);

            revoke("session 4");

            assertThat(sockets.remove(4).closeCode()).isEqualTo(3000);
            eventually(() -> gate.connections().count() == 5);
            sockets.forEach(Connection::close);
            eventually(() -> gate.connections().count() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLoginThatEndsDuringTheHandshakeEndsTheWebSocket(Container container) throws Exception {
        try (var running = container.start(context -> register(context, () -> revoke("over")))) {
            var uri = running.uri("ws", "/realtime/greeting?ticket=" + issue("over"));

            try (Connection socket = Connection.open(uri)) {
                assertThat(socket.closeCode()).isEqualTo(3000);
            }
            eventually(() -> gate.connections().count() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndpointIsToldOfNoEndBeforeItsBeginning(Container container) throws Exception {
        Tickets closing = Tickets.builder(TicketStore.inMemory())
                .listener(event -> {
                    if (event instanceof TicketEvent.Opened opened) {
                        opened.connection().close(3000, "at once");
                    }
                })
                .build();
        String ticket = closing.issue(ALICE).toCompletableFuture().join().reveal();
        Greeting.SEEN.clear();

        try (var running = container.start(context -> register(context, Gate.of(closing), () -> {}));
                Connection socket = Connection.open(running.uri("ws", "/realtime/greeting?ticket=" + ticket))) {
            assertThat(socket.closeCode()).isEqualTo(3000);
        }

        assertThat(Greeting.SEEN.peek()).isNotEqualTo("closed");
    }

    @ParameterizedTest
    @EnumSource
    void anEndpointThatFailsToOpenIsNoConnection(Container container) throws Exception {
        try (var running = container.start(context -> register(context, () -> {}))) {
            String path = "/realtime/greeting?ticket=";

            try (Connection failed = Connection.open(running.uri("ws", path + issue("s") + "&fails=1"))) {
                assertThat(failed.next()).isEqualTo(Connection.CLOSED);
            }
            eventually(() -> gate.connections().count() == 0);
            try (Connection opened = Connection.open(running.uri("ws", path + issue("s")))) {
                assertThat(opened.next()).isEqualTo("hello");
                eventually(() -> gate.connections().count() == 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHandshakeThatPassesTwoFiltersOfAGateOpensOneConnection(Container container) throws Exception {
        try (var running = container.start(context -> {
            TicketFilter.of(gate).register(context, "/realtime/greeting");
            register(context, () -> {});
        })) {
            try (Connection socket =
                    Connection.open(running.uri("ws", "/realtime/greeting?ticket=" + issue("twice")))) {
                assertThat(socket.next()).isEqualTo("hello");
                eventually(() -> gate.connections().count() == 1);
                revoke("twice");

                assertThat(socket.closeCode()).isEqualTo(3000);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndpointBehindAnotherLoginSaysItselfThatItIsOpen(Container container) throws Exception {
        assertEndsWithItsLogin(container, "/realtime/saying", context -> {
            TicketFilter.webSockets(gate).register(context, "/realtime/*");
            Site.logInEverybody(context, "/realtime/*");
            add(context, Saying.class);
        });
    }

    @ParameterizedTest
    @EnumSource
    void anEndpointThatAServletUpgradesToSaysItselfThatItIsOpen(Container container) throws Exception {
        var upgrading = new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                var endpoint = ServerEndpointConfig.Builder.create(Saying.class, "/realtime/upgrading")
                        .configurator(new TicketConfigurator())
                        .build();
                try {
                    sockets(request.getServletContext()).upgradeHttpToWebSocket(request, response, endpoint, Map.of());
                } catch (DeploymentException e) {
                    throw new ServletException(e);
                }
            }
        };
        assertEndsWithItsLogin(container, "/realtime/upgrading", context -> {
            TicketFilter.webSockets(gate).register(context, "/realtime/*");
            Site.add(context, "/realtime/upgrading", upgrading);
        });
    }

    private void assertEndsWithItsLogin(Container container, String path, Container.Application application)
            throws Exception {
        try (var running = container.start(application);
                var socket = Connection.open(running.uri("ws", path + "?ticket=" + issue("s")))) {
            eventually(() -> gate.connections().count() == 1);

            revoke("s");

            assertThat(socket.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void aHandshakeWhoseSessionNeverComesIsForgotten() {
        var opening = new OpeningSessions();
        Admitted admitted = admit();
        TicketRequest request = request(admitted);

        opening.expect(new ShowingContainer(List.of()), request, admitted);
        opening.look(System.nanoTime());
        assertThat(opening.isEmpty()).isFalse();
        opening.look(MUCH_LATER);

        assertThat(opening.isEmpty()).isTrue();
        assertThat(request.getUserPrincipal()).isNotNull();
    }

    @Test
    void aPathWhereNoSessionIsFoundIsSaidOnceWhateverIsFoundElsewhere() {
        var opening = new OpeningSessions();
        Admitted elsewhere = admit();
        opening.expect("a container", request(elsewhere, "/realtime/found"), elsewhere);
        elsewhere.opened((code, reason) -> {}).ended();

        try (var log = new Log(OpeningSessions.class)) {
            missing(opening, "/realtime/greeting", 2);
            assertThat(log.said(Level.WARNING))
                    .as("of clients that may have left")
                    .isEmpty();
            missing(opening, "/realtime/greeting", 4);
            missing(opening, "/realtime/found", 3);

            assertThat(log.said(Level.WARNING))
                    .singleElement()
                    .asString()
                    .contains("/realtime/greeting", "not closed when", "TicketConfigurator.opened(session)");
            missing(opening, "/realtime/another", 3);
            assertThat(log.said(Level.WARNING)).hasSize(2).last().asString().contains("/realtime/another");
        }
    }

    @Test
    void pathsWithoutNumberAreSaidSoManyTimes() {
        var opening = new OpeningSessions();

        try (var log = new Log(OpeningSessions.class)) {
            for (int i = 0; i < 100; i++) {
                missing(opening, "/realtime/rooms/" + i, 1);
            }

            assertThat(log.said(Level.WARNING)).hasSize(16);
        }
    }

    private void missing(OpeningSessions opening, String path, int times) {
        for (int i = 0; i < times; i++) {
            Admitted admitted = admit();
            opening.expect("a container that shows nothing", request(admitted, path), admitted);
            opening.look(System.nanoTime());
            opening.look(MUCH_LATER);
        }
    }

    @Test
    void aSessionThatDoesNotSayWhoseItIsHidesNoOther() {
        var opening = new OpeningSessions();
        Admitted admitted = admit();
        TicketRequest request = request(admitted);
        Session silent = session((proxy, method, arguments) -> {
            throw new IllegalStateException("as the test wants it");
        });
        List<Object> shown = new ArrayList<>(List.of("no session", silent));
        Session strangers = session((proxy, method, arguments) -> null);
        Session alices = session((proxy, method, arguments) -> switch (method.getName()) {
            case "getUserPrincipal" -> request.getUserPrincipal();
            case "isOpen" -> false;
            default -> null;
        });

        shown.addAll(List.of(strangers, alices));

        opening.expect(new ShowingContainer(shown), request, admitted);
        try (var log = new Log(OpeningSessions.class)) {
            opening.look(System.nanoTime());

            assertThat(log.said(Level.WARNING)).singleElement().asString().contains("cannot be seen");
        }
        assertThat(admitted.connection()).isPresent();
        eventually(() -> gate.connections().count() == 0);
    }

    private static Session session(InvocationHandler handler) {
        return (Session)
                Proxy.newProxyInstance(Session.class.getClassLoader(), new Class<?>[] {Session.class}, handler);
    }

    private static TicketRequest request(Admitted admitted) {
        return request(admitted, "/realtime/greeting");
    }

    private static TicketRequest request(Admitted admitted, String path) {
        var request = (HttpServletRequest) Proxy.newProxyInstance(
                HttpServletRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> method.getName().equals("getRequestURI") ? path : null);
        return new TicketRequest(request, Optional.of(admitted));
    }

    private void register(ServletContext context, Runnable meanwhile) {
        register(context, gate, meanwhile);
    }

    private static void register(ServletContext context, Gate gate, Runnable meanwhile) {
        TicketFilter.webSockets(gate).register(context, "/realtime/*");
        var configurator = new ServerEndpointConfig.Configurator() {
            @Override
            public void modifyHandshake(
                    ServerEndpointConfig endpoint, HandshakeRequest request, HandshakeResponse response) {
                meanwhile.run();
            }
        };
        try {
            sockets(context)
                    .addEndpoint(ServerEndpointConfig.Builder.create(Greeting.class, "/realtime/greeting")
                            .configurator(configurator)
                            .build());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(ServletContext context, Class<?> endpoint) {
        try {
            sockets(context).addEndpoint(endpoint);
        } catch (DeploymentException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ServerContainer sockets(ServletContext context) {
        return (ServerContainer) context.getAttribute(ServerContainer.class.getName());
    }

    private void revoke(String session) {
        assertThat(revocations.revoke(Revocation.session(session))).isCompleted();
    }

    private Admitted admit() {
        return (Admitted) gate.admit(Ticket.parse(issue("s")).orElseThrow())
                .toCompletableFuture()
                .join();
    }

    private String issue(String session) {
        return tickets.issue(TicketGrant.to(ALICE).withSession(session), null)
                .toCompletableFuture()
                .join()
                .reveal();
    }
}
