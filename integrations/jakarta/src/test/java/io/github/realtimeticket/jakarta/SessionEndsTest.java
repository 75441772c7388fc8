// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListener;
import io.github.realtimeticket.RevocationQueue;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Log;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.jakarta.JakartaConnectionContractTest.Socket;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.server.ServerContainer;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is issued in an HTTP session does not outlive it. */
class SessionEndsTest {

    private final Feed revocations = new Feed();
    private final Tickets tickets =
            Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
    private final Gate gate = Gate.of(tickets);

    @ParameterizedTest
    @EnumSource
    void aLogoutClosesWhatTheSessionHasOpenedAndNothingElse(Container container) throws Exception {
        try (var running = container.start(this::register)) {
            WebUser alice = running.login("alice");
            WebUser elsewhere = running.login("alice");
            String outstanding = ticket(alice);

            try (Connection socket = Connection.open(socket(running, ticket(alice)));
                    Connection other = Connection.open(socket(running, ticket(elsewhere)))) {
                assertThat(socket.next()).isEqualTo("alice");
                assertThat(other.next()).isEqualTo("alice");
                assertThat(alice.get("/logout").statusCode()).isEqualTo(200);

                assertThat(socket.closeCode()).isEqualTo(3000);
                assertThat(Connection.status(socket(running, outstanding))).isEqualTo(401);
                eventually(() -> gate.connections().count() == 1);
                other.send("bye");
                assertThat(other.closeCode()).isEqualTo(1000);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoGetsAnotherSessionIdComesBackWithATicketOfIt(Container container) throws Exception {
        try (var running = container.start(this::register)) {
            WebUser alice = running.login("alice");

            try (Connection socket = Connection.open(socket(running, ticket(alice)))) {
                assertThat(socket.next()).isEqualTo("alice");
                assertThat(alice.get("/another-id").statusCode()).isEqualTo(200);

                assertThat(socket.closeCode()).isEqualTo(3000);
            }
            assertThat(Connection.greeting(socket(running, ticket(alice)), alice.origin()))
                    .isEqualTo("alice");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "TOMCAT")
    void aSessionThatExpiresClosesWhatItHasOpened(Container container) throws Exception {
        try (var running = container.start(this::register)) {
            WebUser alice = running.login("alice");

            try (Connection socket = Connection.open(socket(running, ticket(alice)))) {
                assertThat(socket.next()).isEqualTo("alice");
                assertThat(alice.get("/soon-idle").statusCode()).isEqualTo(200);

                assertThat(socket.closeCode()).isEqualTo(3000);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "TOMCAT")
    void aLogoutThatNobodyCanBeToldOfIsAnsweredAndToldLater(Container container) throws Exception {
        try (var running = container.start(this::register);
                var log = new Log(RevocationQueue.class)) {
            WebUser alice = running.login("alice");
            try (Connection socket = Connection.open(socket(running, ticket(alice)))) {
                assertThat(socket.next()).isEqualTo("alice");
                revocations.failures.set(1);

                assertThat(alice.get("/logout").statusCode()).isEqualTo(200);

                assertThat(log.said(Level.WARNING)).singleElement().asString().contains("There is no feed");
                assertThat(socket.closeCode()).isEqualTo(3000);
                log.await(Level.INFO);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "TOMCAT")
    void sessionsInWhichNothingWasIssuedAreNotRevoked(Container container) throws Exception {
        try (var running = container.start(this::register)) {
            WebUser alice = running.login("alice");

            assertThat(alice.get("/logout").statusCode()).isEqualTo(200);

            assertThat(revocations.asked).hasValue(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLogoutWhileATicketIsAskedForLeavesNone(Container container) throws Exception {
        try (var running = container.start(this::register)) {
            WebUser alice = running.login("alice");

            assertThat(alice.post("/ticket/", "Sec-Fetch-Site", "same-origin", "X-Meanwhile", "logout")
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherSessionIdWhileATicketIsAskedForLeavesNone(Container container) throws Exception {
        try (var running = container.start(this::register)) {
            WebUser alice = running.login("alice");

            assertThat(alice.post("/ticket/", "Sec-Fetch-Site", "same-origin", "X-Meanwhile", "another id")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(alice.post("/ticket/", "Sec-Fetch-Site", "same-origin").statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "TOMCAT")
    void whoIsLoggedInWithoutASessionGetsATicketOfNone(Container container) throws Exception {
        try (var running = container.start(this::register)) {
            WebUser machine = running.stranger();

            String ticket = machine.ticket("Sec-Fetch-Site", "same-origin", "X-Machine", "bot");

            assertThat(Connection.greeting(socket(running, ticket), machine.origin()))
                    .isEqualTo("bot");
        }
    }

    private void register(ServletContext context) {
        TicketGrants users = SessionEndsTest::user;
        context.addListener(new SessionEnds(revocations));
        TicketServlet.of(Issuer.of(tickets)).withGrants(users.inSession()).register(context, "/ticket/");
        TicketFilter.of(gate).register(context, "/realtime/*");
        Site.add(context, "/login", new Site.Answering((request, response) -> {
            if (request.getParameter("username") != null) {
                request.getSession().setAttribute("user", request.getParameter("username"));
            }
            Site.write(response, "name=\"_csrf\" value=\"none\"");
        }));
        Site.add(context, "/logout", new Site.Answering((request, response) -> request.getSession(false)
                .invalidate()));
        Site.add(context, "/soon-idle", new Site.Answering((request, response) -> request.getSession(false)
                .setMaxInactiveInterval(1)));
        Site.add(
                context,
                "/another-id",
                new Site.Answering((request, response) -> Site.write(response, request.changeSessionId())));
        try {
            ((ServerContainer) context.getAttribute(ServerContainer.class.getName())).addEndpoint(Socket.class);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<TicketGrant> user(HttpServletRequest request) {
        String machine = request.getHeader("X-Machine");
        String meanwhile = request.getHeader("X-Meanwhile");
        if (meanwhile != null) {
            Optional<TicketGrant> before = Site.grant(request);
            if (meanwhile.equals("logout")) {
                request.getSession(false).invalidate();
            } else {
                String unused = request.changeSessionId();
            }
            return before;
        }
        return machine == null ? Site.grant(request) : Optional.of(TicketGrant.to(TicketHolder.of(machine, machine)));
    }

    private static String ticket(WebUser user) throws Exception {
        return user.ticket("Sec-Fetch-Site", "same-origin");
    }

    private static URI socket(Container.Running running, String ticket) {
        return running.uri("ws", "/realtime/socket?ticket=" + ticket);
    }

    /** A feed that is down a few times. */
    private static final class Feed implements Revocations {

        private final Revocations revocations = Revocations.inMemory();
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public CompletionStage<Void> revoke(Revocation revocation) {
            if (asked.incrementAndGet() <= failures.get()) {
                return CompletableFuture.failedFuture(new TicketStoreException("There is no feed"));
            }
            return revocations.revoke(revocation);
        }

        @Override
        public Listening listen(RevocationListener listener) {
            return revocations.listen(listener);
        }

        @Override
        public String revision() {
            return revocations.revision();
        }

        @Override
        public boolean isCurrent() {
            return revocations.isCurrent();
        }
    }
}
