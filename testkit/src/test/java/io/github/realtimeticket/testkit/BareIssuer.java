// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.IssueRequest;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Origin;
import io.github.realtimeticket.TicketGrant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The smallest web application that issues tickets; it keeps the contract unless its habits are bad. */
final class BareIssuer implements IssuerContract.RunningIssuer {

    static final String PATH = "/ticket/";

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final IssuerHabits habits;
    private final Issuer issuer;

    /** A login session, whose proof is the token that the application's own pages know. */
    record Session(String id, String username, String token) {}

    /** A request as the issuer sees it; the names of fields are not case-sensitive. */
    record Request(String method, Map<String, List<String>> fields, Optional<Session> session) implements IssueRequest {

        Request {
            var copy = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
            copy.putAll(fields);
            fields = copy;
        }

        @Override
        public List<String> headers(String name) {
            return fields.getOrDefault(name, List.of());
        }

        @Override
        public Origin ownOrigin() {
            return Origin.of("http://" + headers("Host").get(0));
        }

        @Override
        public boolean hasCsrfProof() {
            return session.map(known -> headers("X-CSRF-Token").equals(List.of(known.token())))
                    .orElse(false);
        }
    }

    BareIssuer(IssuerHabits habits, Issuer issuer) throws IOException {
        this.habits = habits;
        this.issuer = issuer;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", exchange -> habits.around(() -> handle(exchange)));
        server.start();
    }

    @Override
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PATH);
    }

    @Override
    public IssuerContract.Login login(String username) {
        var session = new Session(
                UUID.randomUUID().toString(), username, UUID.randomUUID().toString());
        sessions.put(session.id(), session);
        return new IssuerContract.Login(
                List.of("Cookie: session=" + session.id()), List.of("X-CSRF-Token: " + session.token()));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            // HttpServer takes what follows two slashes for a host.
            String authority = exchange.getRequestURI().getRawAuthority();
            String path = (authority == null ? "" : "//" + authority)
                    + exchange.getRequestURI().getRawPath();
            IssueAnswer answer = habits.isOurs(path) ? decide(request(exchange)) : new IssueAnswer(404, Map.of(), "");
            answer.writeHeaders(exchange.getResponseHeaders()::set, exchange.getResponseHeaders()::add);
            byte[] body = answer.body().getBytes(StandardCharsets.US_ASCII);
            boolean bare = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.status(), bare ? -1 : body.length);
            if (!bare) {
                exchange.getResponseBody().write(body);
                exchange.getResponseBody().flush();
            }
        } finally {
            habits.end(exchange);
        }
    }

    private IssueAnswer decide(Request request) {
        Request heard = habits.heard(request);
        IssueAnswer answer = issuer.issue(
                        heard, () -> heard.session().map(session -> TicketGrant.to(habits.holder(session))))
                .toCompletableFuture()
                .join();
        return habits.said(request, answer);
    }

    private Request request(HttpExchange exchange) {
        Optional<Session> session = exchange.getRequestHeaders().getOrDefault("Cookie", List.of()).stream()
                .map(cookie -> sessions.get(cookie.replace("session=", "")))
                .filter(Objects::nonNull)
                .findFirst();
        return new Request(exchange.getRequestMethod(), exchange.getRequestHeaders(), session);
    }
}
