// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.PlatformHandler;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Answers {@code POST} to a route of a vertx-web {@link io.vertx.ext.web.Router} with a ticket for the logged-in user:
 * {@code {"status":"ok","message":TICKET,"expires_in":10}}.
 *
 * <pre>{@code
 * router.route().handler(SessionHandler.create(sessions)).handler(new SessionEnds(revocations));
 * router.route("/ticket/").handler(IssuerHandler.of(issuer).withGrants(TicketGrants.byUser().inSession()));
 * router.route().handler(BodyHandler.create());
 * }</pre>
 *
 * <p>The route has one path and all methods; the issuer says what it answers to the others. It stands behind the handlers that know
 * the user, and before a {@code BodyHandler} and a {@code CSRFHandler}: the answer does not wait for a body, and what comes of one is
 * dropped. Behind the answer the connection is closed (over HTTP/2, the stream reset) where more than 64 KiB come, or the client waits to be
 * told that it may send its body ({@code Expect}). Behind a {@code BodyHandler} it works as well, but then the user is known from before the
 * body, which may take its time; see {@link #begin}.
 *
 * <p>A router takes {@code //ticket/}, {@code http://any/ticket/}, {@code /x/../ticket/} and {@code /%74icket/} for the path, too, and
 * {@code /ticket/} for {@code /ticket}. One spelling is answered, that of the route, so that a rule of a proxy or of the application sees what
 * we see; the others are passed on.
 *
 * <p>Immutable and thread-safe. The event loop does not wait while the store is asked; the answer is written in the Vert.x context of the
 * request. If the client has left by then, nothing is.
 *
 * <p><b>Security:</b> the {@link Issuer} decides where a request may come from. Nothing before may turn away whoever is not logged in, so that
 * they get a 401 and no redirect to a login page. Whoever came by ticket gets no other, whatever the application grants.
 */
public final class IssuerHandler implements Handler<RoutingContext> {

    /** Of the context: what {@link #begin} has noted. */
    static final String REVISION = IssuerHandler.class.getName();

    private final Issuer issuer;
    private final TicketGrants grants;
    private final Predicate<? super RoutingContext> csrfProof;

    private IssuerHandler(Issuer issuer, TicketGrants grants, Predicate<? super RoutingContext> csrfProof) {
        this.issuer = Objects.requireNonNull(issuer, "issuer");
        this.grants = Objects.requireNonNull(grants, "grants");
        this.csrfProof = Objects.requireNonNull(csrfProof, "csrfProof");
    }

    /** Tickets for whoever is the user of a request, by the subject, to pages whose browser says where they come from. */
    public static IssuerHandler of(Issuer issuer) {
        return new IssuerHandler(issuer, TicketGrants.byUser(), ctx -> false);
    }

    /** The same for what the application grants its users. */
    public IssuerHandler withGrants(TicketGrants grants) {
        return new IssuerHandler(issuer, grants, csrfProof);
    }

    /**
     * The same, also for requests that do not say where they come from, if they carry what this test finds: the application's own CSRF
     * token. It is asked only about users who are logged in, on the event loop.
     */
    public IssuerHandler withCsrfProof(Predicate<? super RoutingContext> csrfProof) {
        return new IssuerHandler(issuer, grants, csrfProof);
    }

    /**
     * A handler that notes what has been revoked by now. It stands on the same path before whatever reads the user, such as a
     * {@code SessionHandler}: the ticket of a user who is revoked after that is refused (T16). Without it, that is so of whoever is revoked
     * after the issuer is asked.
     */
    public static PlatformHandler begin(Revocations revocations) {
        Objects.requireNonNull(revocations, "revocations");
        return ctx -> {
            ctx.put(REVISION, revocations.knownRevision().orElse(null));
            ctx.next();
        };
    }

    @Override
    public void handle(RoutingContext ctx) {
        String path = path(ctx);
        String target = ctx.request().uri();
        if (!target.equals(path) && !target.startsWith(path + "?")) {
            ctx.next();
            return;
        }
        var body = new Body(ctx.request());
        body.drop();
        Future<?> unused = Future.fromCompletionStage(
                        issuer.issue(new VertxIssueRequest(ctx, csrfProof), () -> grant(ctx)),
                        ctx.vertx().getOrCreateContext())
                .andThen((answer, never) -> write(ctx.response(), answer, body))
                .onFailure(ctx::fail);
    }

    private static String path(RoutingContext ctx) {
        Route route = ctx.currentRoute();
        if (route.getPath() == null || route.isRegexPath() || !route.isExactPath()) {
            throw new IllegalStateException("An IssuerHandler is on a route that has not one path, such as /ticket/");
        }
        String mountPoint = Objects.requireNonNullElse(ctx.mountPoint(), "");
        return mountPoint.endsWith("/")
                ? mountPoint.substring(0, mountPoint.length() - 1) + route.getPath()
                : mountPoint + route.getPath();
    }

    private Optional<? extends TicketGrant> grant(RoutingContext ctx) {
        return TicketHandler.hasAdmitted(ctx) ? Optional.empty() : grants.grant(ctx);
    }

    private static void write(HttpServerResponse response, IssueAnswer answer, Body body) {
        if (response.closed() || response.ended()) {
            return;
        }
        answer.writeHeaders(response::putHeader, response.headers()::add);
        if (body.closes()) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        body.answered(response.setStatusCode(answer.status()).end(answer.body()));
    }

    /** What comes behind the head of a request: the next request on a connection is behind it. In the context of the request only. */
    private static final class Body {

        private static final int LONGEST = 65_536;

        private final HttpServerRequest request;
        private final Promise<Void> left = Promise.promise();
        private long length;

        Body(HttpServerRequest request) {
            this.request = request;
        }

        void drop() {
            if (request.isEnded()) {
                return;
            }
            if (request.version() != HttpVersion.HTTP_1_0
                    && "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
                leave();
                return;
            }
            request.handler(part -> {
                length += part.length();
                if (length > LONGEST) {
                    leave();
                }
            });
            // A handler before may have stopped it.
            request.resume();
        }

        boolean closes() {
            return left.future().isComplete() && request.version() != HttpVersion.HTTP_2;
        }

        void answered(Future<Void> answer) {
            left.future().compose(done -> answer).onSuccess(sent -> end());
        }

        private void leave() {
            request.pause();
            left.tryComplete();
        }

        private void end() {
            Future<Void> unused = request.version() == HttpVersion.HTTP_2
                    ? request.response().reset(0)
                    : request.connection().close();
        }
    }
}
