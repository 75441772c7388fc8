// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStoreException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code POST} with a ticket for the logged-in user: {@code {"status":"ok","message":TICKET,"expires_in":10}}. A
 * servlet, so that it stands behind every filter that knows the user, and behind a {@link TicketEndpointGuard}.
 *
 * <p>Thread-safe. No thread waits for the store: the request is asynchronous until it has answered. Only behind a filter that
 * does not support that does the request's thread wait.
 *
 * <p><b>Security:</b> a request must prove with {@code Sec-Fetch-Site} or {@code Origin} that it comes from an allowed page.
 * One that has neither, as no current browser's, must carry what a foreign page cannot add: the CSRF token that Spring Security
 * expects, compared here even where the application's CSRF protection ignores this path, or a bearer credential. Behind a proxy
 * that rewrites {@code Host}, the own origin is known by {@code server.forward-headers-strategy} or by the settings' origin.
 */
public final class TicketEndpoint extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final System.Logger LOG = System.getLogger(TicketEndpoint.class.getName());
    private static final String CSRF_PROTECTION = "org.springframework.security.web.csrf.DeferredCsrfToken";

    private final transient TicketIssuer issuer;
    private final transient TicketEndpointSettings settings;

    /** An endpoint for the tickets of this issuer. */
    public TicketEndpoint(TicketIssuer issuer, TicketEndpointSettings settings) {
        this.issuer = Objects.requireNonNull(issuer, "issuer");
        this.settings = Objects.requireNonNull(settings, "settings");
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        GuardedResponse.open(request);
        if (!TicketAnswer.writeKept(request, response)) {
            issue(request, response);
        }
    }

    private void issue(HttpServletRequest request, HttpServletResponse response) throws IOException {
        RequestOrigin from = RequestOrigin.of(request, settings);
        if (from == RequestOrigin.FOREIGN || (from == RequestOrigin.UNKNOWN && !safeFromOtherSites(request))) {
            error(403, "The request does not show that it comes from a page of this origin")
                    .write(response);
            return;
        }
        Optional<CompletableFuture<Ticket>> issuing;
        try {
            issuing = issuer.issue(request.getUserPrincipal(), RequestOrigin.bound(request, settings));
        } catch (RuntimeException e) {
            issuing = Optional.of(CompletableFuture.failedFuture(e));
        }
        if (issuing.isEmpty()) {
            error(401, "Nobody is logged in").write(response);
            return;
        }
        CompletableFuture<TicketAnswer> answer = issuing.get().handle(this::answer);
        if (answer.isDone() || !request.isAsyncSupported()) {
            answer.join().write(response);
        } else {
            TicketAnswer.keep(request, answer);
            AsyncContext async = request.startAsync();
            async.setTimeout(2 * TicketIssuer.PATIENCE.toMillis());
            // Dispatched, and not written here: the filters before may still be at work on the response.
            var unused = answer.thenRun(async::dispatch);
        }
    }

    private TicketAnswer answer(@Nullable Ticket ticket, @Nullable Throwable fault) {
        if (ticket != null) {
            return TicketAnswer.ok(ticket, issuer.expire());
        }
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        if (cause instanceof TicketStoreException || cause instanceof TimeoutException) {
            LOG.log(Level.WARNING, "No ticket could be issued: " + cause);
            return error(503, "No ticket could be issued: " + cause);
        }
        LOG.log(Level.ERROR, "No ticket could be issued because of a fault", cause);
        return error(500, "No ticket could be issued: " + cause);
    }

    private TicketAnswer error(int status, String detail) {
        return TicketAnswer.error(status, detail, settings);
    }

    private static boolean safeFromOtherSites(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        // Without the attribute, Spring Security may not even be on the class path.
        return (authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith("bearer "))
                || (request.getAttribute(CSRF_PROTECTION) != null && CsrfTokens.isCarriedBy(request));
    }
}
