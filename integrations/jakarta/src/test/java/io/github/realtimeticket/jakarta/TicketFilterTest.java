// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TicketFilterTest {

    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final String VERSION = "Sec-WebSocket-Version: 13\r\n";
    private static final String UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade\r\n";

    private final RemoteStore store = new RemoteStore();
    private final Queue<TicketEvent> events = new ConcurrentLinkedQueue<>();
    private final Tickets tickets = Tickets.builder(store).listener(events::add).build();

    /** A site with more to see below {@code /realtime/}, and a way there from outside. */
    private class Guarded extends Site {

        private final Gate gate;

        Guarded(Gate gate) {
            super(gate, Issuer.of(tickets));
            this.gate = gate;
        }

        @Override
        void addMore(ServletContext context) {
            TicketFilter.of(gate).register(context, "/realtime/twice");
            TicketFilter.of(Gate.of(tickets)).register(context, "/realtime/another-gate");
            Answer who = (request, response) -> write(
                    response,
                    request.getUserPrincipal() + " " + request.getRemoteUser() + " " + request.getAuthType() + " "
                            + request.isUserInRole("admin"));
            add(context, "/realtime/who", new Answering(who));
            add(context, "/realtime/twice", new Answering(who));
            add(context, "/realtime/another-gate", new Answering(who));
            Gate byHeader = Gate.builder(tickets)
                    .carrier(TicketCarrier.header("X-Ticket"))
                    .build();
            TicketFilter.of(byHeader).register(context, "/realtime/two-gates", "/by-header");
            add(context, "/by-header", new Answering((request, response) -> {
                request.getRequestDispatcher("/realtime/who").include(request, response);
                write(response, TicketFilter.admitted(request).holder().username());
            }));
            add(context, "/realtime/two-gates", new Answering((request, response) -> {
                String user = request.getRemoteUser() + " "
                        + TicketFilter.admitted(request).holder().username();
                if (request.getDispatcherType() == DispatcherType.ASYNC) {
                    write(response, request.getAttribute("before") + ", " + user);
                } else {
                    request.setAttribute("before", user);
                    request.startAsync().dispatch();
                }
            }));
            add(
                    context,
                    Container.SORRY,
                    new Answering((request, response) -> write(response, "sorry " + request.getRemoteUser())));
            add(
                    context,
                    "/realtime/fails",
                    new Answering((request, response) -> response.sendError(Container.SORRY_STATUS)));
            add(context, "/fails", new Answering((request, response) -> response.sendError(Container.SORRY_STATUS)));
            add(context, "/door", new Answering((request, response) -> request.getRequestDispatcher("/realtime/who")
                    .forward(new Mallory(request), response)));
            add(context, "/including", new Answering((request, response) -> {
                write(response, "before, ");
                request.getRequestDispatcher("/realtime/who").include(request, response);
                write(response, ", after");
            }));
            add(context, "/realtime/events", new Answering((request, response) -> {
                AsyncContext async = request.startAsync();
                response.setContentType("text/event-stream");
                response.getWriter().write("data: " + request.getRemoteUser() + "\n\n");
                if (request.getParameter("then").equals("ends")) {
                    response.flushBuffer();
                    async.start(async::complete);
                } else if (request.getParameter("then").equals("fails")) {
                    async.start(() -> async.dispatch("/realtime/fails"));
                } else if (request.getParameter("then").equals("goes-on")) {
                    async.start(() -> async.dispatch("/realtime/who"));
                } else {
                    response.flushBuffer();
                    async.setTimeout(100);
                }
            }));
        }
    }

    /** Somebody else, who has logged in in another way. */
    private static final class Mallory extends HttpServletRequestWrapper {

        Mallory(HttpServletRequest request) {
            super(request);
        }

        @Override
        public Principal getUserPrincipal() {
            return TicketHolder.of(666, "mallory");
        }

        @Override
        public String getRemoteUser() {
            return "mallory";
        }

        @Override
        public boolean isUserInRole(String role) {
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource
    void t20_aConnectUsesNoTicketUp(Container container) throws Exception {
        String socket = "/realtime/socket?ticket=" + issue();

        try (var running = container.start(new Guarded(Gate.of(tickets)))) {
            try (var client = new Wire(running.port())) {
                // Tomcat has an answer of its own to this.
                client.send("CONNECT " + socket + " HTTP/1.1\r\n" + VERSION + "Host: localhost\r\n\r\n");
                assertThat(client.answer().status()).isIn(400, 501);
            }
            assertThat(Connection.greeting(running.uri("ws", socket), "https://app.example"))
                    .isEqualTo("alice");
        }
    }

    @ParameterizedTest
    @EnumSource
    void t20_theEndpointsOwnCheckOfTheOriginIsAskedBeforeTheTicketIsUsedUp(Container container) throws Exception {
        String ticket = issue();
        Site picky = new Guarded(Gate.of(tickets)) {
            @Override
            TicketFilter filter() {
                return super.filter()
                        .withOriginCheck(request -> configurator().checkOrigin(request.getHeader("Origin")));
            }

            @Override
            ServerEndpointConfig.Configurator configurator() {
                return new Opening() {
                    @Override
                    public boolean checkOrigin(String origin) {
                        return !"https://evil.example".equals(origin);
                    }
                };
            }
        };

        try (var running = container.start(picky)) {
            var uri = running.uri("ws", "/realtime/socket?ticket=" + ticket);

            assertThat(Connection.status(uri, "Origin", "https://evil.example")).isEqualTo(403);
            assertThat(Connection.greeting(uri, "https://app.example")).isEqualTo("alice");
        }
    }

    @ParameterizedTest
    @EnumSource
    void t20_whatIsNotServedBehindTheFilterUsesNoTicketUp(Container container) throws Exception {
        String path = "/realtime/who?ticket=" + issue();
        Site picky = new Guarded(Gate.of(tickets)) {
            @Override
            TicketFilter filter() {
                return super.filter().withRequestCheck(request -> request.getHeader("X-Served") != null);
            }
        };

        try (var running = container.start(picky)) {
            HttpResponse<String> other = running.stranger().get(path);
            HttpResponse<String> served = running.stranger().get(path, "X-Served", "yes");

            assertThat(other.statusCode()).isEqualTo(400);
            assertThat(other.body()).isEqualTo(Refusal.UNSUITABLE.body());
            assertThat(served.statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void t20_whatIsNoHandshakeUsesNoTicketUpWhereOnlyWebSocketsAreOpened(Container container) throws Exception {
        String socket = "/realtime/socket?ticket=" + issue();
        String rest = VERSION + KEY;
        List<String> requests = List.of(
                "GET " + socket + " HTTP/1.1\r\n",
                "POST " + socket + " HTTP/1.1\r\nContent-Length: 0\r\n",
                "GET " + socket + " HTTP/1.1\r\nUpgrade: nonsense\r\nConnection: Upgrade\r\n" + rest,
                "GET " + socket + " HTTP/1.0\r\n",
                "GET " + socket + " HTTP/1.0\r\n" + UPGRADE + rest);
        Site sockets = new Guarded(Gate.of(tickets)) {
            @Override
            TicketFilter filter() {
                return TicketFilter.webSockets(Gate.of(tickets));
            }
        };

        try (var running = container.start(sockets)) {
            for (String request : requests) {
                try (var client = new Wire(running.port())) {
                    events.clear();
                    client.send(request + "Host: localhost\r\n\r\n");
                    Wire.Answer answer = client.answer();

                    assertThat(answer.status()).as(request).isEqualTo(400);
                    assertThat(answer.body()).as(request).isEqualTo(Refusal.NO_HANDSHAKE.body());
                    assertThat(events).containsExactly(new TicketEvent.Refused(Refusal.NO_HANDSHAKE, null, false));
                }
            }
            try (var client = new Wire(running.port())) {
                // Jetty has an answer of its own to this.
                client.send("GET " + socket + " HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgraded\r\n" + rest
                        + "Host: localhost\r\n\r\n");
                assertThat(client.answer().status()).isEqualTo(400);
            }
            assertThat(Connection.greeting(running.uri("ws", socket), "https://app.example"))
                    .isEqualTo("alice");
        }
    }

    @ParameterizedTest
    @EnumSource
    void t10_anEndpointThatTakesWhateverIsOfferedCannotEchoTheTicket(Container container) throws Exception {
        Gate bySubprotocol =
                Gate.builder(tickets).carrier(TicketCarrier.subprotocol()).build();
        Site careless = new Guarded(bySubprotocol) {
            @Override
            ServerEndpointConfig.Configurator configurator() {
                return new Opening() {
                    @Override
                    public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
                        return requested.isEmpty() ? "" : requested.get(0);
                    }
                };
            }
        };

        try (var running = container.start(careless);
                var both = new Wire(running.port());
                var alone = new Wire(running.port())) {
            both.handshake("/realtime/socket", "Sec-WebSocket-Protocol: ticket." + issue() + ", chat");
            alone.handshake("/realtime/socket", "Sec-WebSocket-Protocol: ticket." + issue());

            Wire.Answer answer = both.answer();
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.headers()).containsEntry("sec-websocket-protocol", "chat");
            Wire.Answer without = alone.answer();
            assertThat(without.status()).isEqualTo(101);
            assertThat(without.headers()).doesNotContainKey("sec-websocket-protocol");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatLeavesWhileTheStoreIsAskedLeavesNothingBehind(Container container) throws Exception {
        String ticket = issue();
        var site = new Guarded(Gate.of(tickets));
        store.hold();

        try (var running = container.start(site)) {
            try (var client = new Wire(running.port())) {
                client.handshake("/realtime/socket?ticket=" + ticket);
                store.awaitTake();
            }
            store.up();

            eventually(() -> !redeemed().isEmpty());
            assertThat(Connection.greeting(
                            running.uri("ws", "/realtime/socket?ticket=" + issue()), "https://app.example"))
                    .isEqualTo("alice");
            eventually(() -> seen(site, "open") == seen(site, "close"));
        }
    }

    private static long seen(Site site, String what) {
        return site.seen.stream().filter(said -> said.startsWith(what)).count();
    }

    @ParameterizedTest
    @EnumSource
    void aMessageThatIsSentBeforeTheAnswerIsNotLost(Container container) throws Exception {
        String ticket = issue();
        store.hold();

        try (var running = container.start(new Guarded(Gate.of(tickets)));
                var client = new Wire(running.port())) {
            client.handshake("/realtime/socket?ticket=" + ticket);
            client.text("early");
            store.awaitTake();
            store.up();

            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text alice");
            assertThat(client.frame()).isEqualTo("text got early");
        }
    }

    @ParameterizedTest
    @EnumSource
    void noSpellingOfTheSocketsPathGoesPastTheFilter(Container container) throws Exception {
        List<String> spellings = List.of(
                "/realtime/socket",
                "/realtime;x/socket",
                "/;x/realtime/socket",
                "/realtime/socket;x",
                "/%72ealtime/socket",
                "/realtime/%73ocket",
                "/realtime%2Fsocket",
                "/realtime%5Csocket",
                "//realtime/socket",
                "/realtime//socket",
                "/./realtime/socket",
                "/x/../realtime/socket",
                "/x/%2e%2e/realtime/socket",
                "/x/..;/realtime/socket",
                "/REALTIME/socket",
                "/realtime/socket/",
                "http://127.0.0.1/realtime/socket");

        try (var running = container.start(new Guarded(Gate.of(tickets)))) {
            for (String spelling : spellings) {
                try (var client = new Wire(running.port())) {
                    client.handshake(spelling);

                    assertThat(client.answer().status()).as(spelling).isIn(400, 401, 404);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOddRequestIsNoFaultOfTheServerAndShowsNoStackTrace(Container container) throws Exception {
        List<String> requests = List.of(
                "GET /realtime/socket?ticket=TICKET HTTP/1.1\r\nUpgrade: nonsense\r\n",
                "GET /realtime/socket?ticket=%00 HTTP/1.1\r\nUpgrade: websocket, h2c\r\n" + VERSION + KEY,
                "GET /realtime/socket?ticket=TICKET HTTP/1.1\r\nContent-Type: multipart/form-data\r\n",
                "GET /realtime/who?ticket=TICKET HTTP/1.1\r\nContent-Type: text/plain; charset=nonsense\r\n",
                "POST /realtime/who?ticket=TICKET HTTP/1.1\r\nContent-Type: nonsense\r\nContent-Length: 2\r\n",
                "HEAD /realtime/who?ticket=TICKET HTTP/1.1\r\n",
                "OPTIONS /realtime/who?ticket=TICKET HTTP/1.1\r\nOrigin: null\r\nAccess-Control-Request-Method: GET\r\n",
                "GET /realtime/who?ticket=TICKET&ticket=TICKET HTTP/1.1\r\nSec-WebSocket-Protocol: ,,\r\n",
                "GET /realtime/who?ticket=TICKET&" + "x".repeat(70_000) + " HTTP/1.1\r\n",
                "GET /realtime/nowhere?ticket=TICKET HTTP/1.1\r\n");

        try (var running = container.start(new Guarded(Gate.of(tickets)))) {
            for (String request : requests) {
                try (var client = new Wire(running.port())) {
                    client.send(request.replace("TICKET", issue())
                            + "Host: localhost\r\nConnection: close\r\nCookie: \"=;;=\"\r\n\r\n"
                            + (request.startsWith("POST") ? "{}" : ""));
                    String answer = client.rest();

                    assertThat(answer).as(request).matches("(?s)HTTP/1.1 [234].*");
                    assertThat(answer).as(request).doesNotContain("\tat ", "Exception");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTicketIsTheOnlyWayInAndMakesItsHolderTheUser(Container container) throws Exception {
        try (var running = container.start(new Guarded(Gate.of(tickets)))) {
            WebUser user = running.login("bob");

            HttpResponse<String> without = user.get("/realtime/who");
            HttpResponse<String> with = user.get("/realtime/who?ticket=" + issue());

            assertThat(without.statusCode()).isEqualTo(401);
            assertThat(with.body()).isEqualTo("TicketHolder[id=1, username=alice] alice Ticket false");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForwardIntoAGuardedPathNeedsATicketAndSeesItsHolder(Container container) throws Exception {
        try (var running = container.start(new Guarded(Gate.of(tickets)))) {
            WebUser user = running.stranger();

            HttpResponse<String> without = user.get("/door");
            HttpResponse<String> with = user.get("/door?ticket=" + issue());

            assertThat(without.statusCode()).isEqualTo(401);
            assertThat(without.body()).isEqualTo(Refusal.MISSING.body());
            assertThat(with.body()).isEqualTo("TicketHolder[id=1, username=alice] alice Ticket false");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPageThatIncludesAGuardedPathGoesOnWithoutItUnlessThereIsATicket(Container container) throws Exception {
        try (var running = container.start(new Guarded(Gate.of(tickets)))) {
            WebUser user = running.stranger();

            HttpResponse<String> without = user.get("/including");
            HttpResponse<String> with = user.get("/including?ticket=" + issue());

            assertThat(without.statusCode()).isEqualTo(200);
            assertThat(without.headers().firstValue("WWW-Authenticate")).isEmpty();
            assertThat(without.body()).isEqualTo("before, , after");
            assertThat(with.body()).isEqualTo("before, TicketHolder[id=1, username=alice] alice Ticket false, after");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPageThatIncludesAPathOfAnotherGateIsStillItsOwnUsers(Container container) throws Exception {
        try (var running = container.start(new Guarded(Gate.of(tickets)))) {
            WebUser user = running.stranger();

            HttpResponse<String> without = user.get("/by-header", "X-Ticket", issue());
            HttpResponse<String> with = user.get("/by-header?ticket=" + issue("bob"), "X-Ticket", issue());

            assertThat(without.body()).isEqualTo("alice");
            assertThat(with.body())
                    .startsWith("TicketHolder")
                    .contains("username=bob")
                    .endsWith("alice");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatPassesTwiceRedeemsOnceAndAnotherGateLetsNobodyInForThat(Container container) throws Exception {
        try (var running = container.start(new Guarded(Gate.of(tickets)))) {
            WebUser user = running.stranger();

            HttpResponse<String> twice = user.get("/realtime/twice?ticket=" + issue());
            int redeemed = redeemed().size();
            HttpResponse<String> another = user.get("/realtime/another-gate?ticket=" + issue());

            assertThat(twice.statusCode()).isEqualTo(200);
            assertThat(redeemed).isEqualTo(1);
            assertThat(another.statusCode()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachOfTwoGatesOnOnePathRedeemsOnceHoweverOftenTheRequestIsDispatched(Container container) throws Exception {
        try (var running = container.start(new Guarded(Gate.of(tickets)))) {
            HttpResponse<String> answer =
                    running.stranger().get("/realtime/two-gates?ticket=" + issue(), "X-Ticket", issue("bob"));

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("bob bob, bob bob");
            assertThat(redeemed()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEventStreamThatEndsFailsOrTimesOutAsksTheGateOnce(Container container) throws Exception {
        try (var running = container.start(new Guarded(Gate.of(tickets)))) {
            WebUser user = running.stranger();

            String ends =
                    user.get("/realtime/events?then=ends&ticket=" + issue()).body();
            HttpResponse<String> fails = user.get("/realtime/events?then=fails&ticket=" + issue());
            String goesOn =
                    user.get("/realtime/events?then=goes-on&ticket=" + issue()).body();
            try (var client = new Wire(running.port())) {
                client.send("GET /realtime/events?then=waits&ticket=" + issue()
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                assertThat(client.rest()).contains("data: alice").doesNotContain("unauthorized", "\tat ");
            }

            assertThat(ends).isEqualTo("data: alice\n\n");
            assertThat(fails.statusCode()).isEqualTo(Container.SORRY_STATUS);
            assertThat(fails.body()).endsWith("sorry alice");
            assertThat(goesOn).endsWith("TicketHolder[id=1, username=alice] alice Ticket false");
            assertThat(redeemed()).hasSize(4);
            assertThat(events.stream().filter(TicketEvent.Refused.class::isInstance))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anErrorPageOnAGuardedPathIsNobodys(Container container) throws Exception {
        try (var running = container.start(new Guarded(Gate.of(tickets)))) {
            HttpResponse<String> page = running.stranger().get("/fails");

            assertThat(page.statusCode()).isEqualTo(Container.SORRY_STATUS);
            assertThat(page.body()).isEqualTo("sorry null");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatFollowsFindsTheAdmissionAndWhoDidNotPassHasNone(Container container) throws Exception {
        Site.Answer fingerprint = (request, response) ->
                Site.write(response, TicketFilter.admitted(request).fingerprint());
        Site site = new Guarded(Gate.of(tickets)) {
            @Override
            void addMore(ServletContext context) {
                add(context, "/realtime/fingerprint", new Answering(fingerprint));
                add(context, "/fingerprint", new Answering((request, response) -> {
                    try {
                        fingerprint.to(request, response);
                    } catch (IllegalStateException e) {
                        write(response, e.getMessage());
                    }
                    assertThat(Collections.list(request.getAttributeNames()))
                            .doesNotContain(TicketFilter.class.getName());
                }));
            }
        };

        try (var running = container.start(site)) {
            WebUser user = running.stranger();
            var ticket = tickets.issue(TicketHolder.of(1, "alice"))
                    .toCompletableFuture()
                    .join();

            assertThat(user.get("/realtime/fingerprint?ticket=" + ticket.reveal())
                            .body())
                    .isEqualTo(ticket.fingerprint());
            assertThat(user.get("/fingerprint").body()).isEqualTo("No TicketFilter on the way of this request");
        }
    }

    private List<TicketEvent> redeemed() {
        return events.stream().filter(TicketEvent.Redeemed.class::isInstance).toList();
    }

    private String issue() {
        return issue("alice");
    }

    private String issue(String username) {
        return tickets.issue(TicketHolder.of(1, username))
                .toCompletableFuture()
                .join()
                .reveal();
    }
}
