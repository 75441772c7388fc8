// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.SessionHandler;
import io.vertx.ext.web.sstore.LocalSessionStore;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A web application in one file: a login without a password, which is yours to write, a page, and a WebSocket that ends with the login. */
final class Hello {

    private static final String LOGIN = """
            <!doctype html>
            <form method="post">
              <input type="hidden" name="_csrf" value="%s">
              <input name="username" autofocus><button>Log in</button>
            </form>
            """;

    private static final String PAGE = """
            <!doctype html>
            <form method="post" action="logout"><button>Log out</button></form>
            <script type="module">
              const answer = await fetch("ticket/", { method: "POST" });
              const ticket = (await answer.json()).message;
              const socket = new WebSocket(`${location.origin.replace("http", "ws")}/chat?ticket=${ticket}`);
              socket.onmessage = ({ data }) => document.body.append(data);
            </script>
            """;

    private final SessionHandler sessions;

    private Hello(Vertx vertx) {
        sessions = SessionHandler.create(LocalSessionStore.create(vertx))
                .setCookieHttpOnlyFlag(true)
                .setCookieSameSite(CookieSameSite.LAX);
    }

    static Router router(Vertx vertx, Issuer issuer, Gate gate, Revocations revocations) {
        var hello = new Hello(vertx);
        Router router = Router.router(vertx);

        router.get("/chat").handler(TicketHandler.webSockets(gate)).handler(Hello::greet);

        router.route("/ticket/").handler(IssuerHandler.begin(revocations));
        router.route().handler(hello.sessions).handler(new SessionEnds(revocations));
        router.route("/ticket/")
                .handler(IssuerHandler.of(issuer)
                        .withGrants(TicketGrants.byUser().inSession())
                        .withCsrfProof(ctx -> isCsrfToken(ctx, ctx.request().getHeader("X-CSRF-Token"))));
        router.route().handler(BodyHandler.create(false));

        router.get("/").handler(Hello::showPage);
        router.get("/login").handler(Hello::showLogin);
        router.post("/login").handler(hello::logIn);
        router.post("/logout").handler(ctx -> ctx.userContext().logout("/login"));
        return router;
    }

    private static void greet(RoutingContext ctx) {
        ctx.request()
                .toWebSocket()
                .onSuccess(socket -> socket.writeTextMessage(
                        "Hello " + TicketHandler.admitted(ctx).holder().username()));
    }

    private static void showPage(RoutingContext ctx) {
        Future<Void> unused = ctx.user() == null ? ctx.redirect("/login") : html(ctx, PAGE);
    }

    private static void showLogin(RoutingContext ctx) {
        String token = ctx.session()
                .computeIfAbsent("csrf", key -> UUID.randomUUID().toString())
                .get("csrf");
        Future<Void> unused = html(ctx, LOGIN.formatted(token));
    }

    private static boolean isCsrfToken(RoutingContext ctx, @Nullable String sent) {
        String token = ctx.session().get("csrf");
        return token != null && token.equals(sent);
    }

    private void logIn(RoutingContext ctx) {
        String name = ctx.request().getFormAttribute("username");
        if (name == null || name.isBlank()) {
            ctx.fail(400);
        } else if (!isCsrfToken(ctx, ctx.request().getFormAttribute("_csrf"))) {
            ctx.fail(403);
        } else if (ctx.user() != null) {
            Future<Void> unused = ctx.redirect("/");
        } else {
            var unused = ctx.session().regenerateId();
            sessions.setUser(ctx, User.fromName(name))
                    .onSuccess(known -> ctx.redirect("/"))
                    .onFailure(ctx::fail);
        }
    }

    private static Future<Void> html(RoutingContext ctx, String text) {
        return ctx.response()
                .putHeader("Content-Type", "text/html;charset=UTF-8")
                .end(text);
    }

    /** Starts it at http://localhost:8080/. */
    public static void main(String... arguments) {
        Vertx vertx = Vertx.vertx();
        Revocations revocations = Revocations.inMemory();
        Tickets tickets =
                Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
        Future<HttpServer> unused = vertx.createHttpServer()
                .requestHandler(router(vertx, Issuer.of(tickets), Gate.of(tickets), revocations))
                .listen(8080, "localhost");
    }
}
