// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Refusal;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Answers {@code POST} with a ticket for the logged-in user: {@code {"status":"ok","message":TICKET,"expires_in":10}}.
 *
 * <pre>{@code
 * TicketServlet.of(issuer).register(context, "/ticket/");
 * }</pre>
 *
 * <p>Thread-safe. While the store is asked, no thread waits: the request is asynchronous, and its answer is written in a second
 * dispatch of the container, when all filters of the first one have ended. Where the servlet or a filter before it was registered
 * without asynchronous support, the request's thread waits instead.
 *
 * <p>One spelling of its path is answered and no other that a container would take for the same, so that a rule of a proxy or of the
 * application sees what we see; the others are 404. A form of more than 100,000 bytes, or one that does not say how long it is (in chunks),
 * however short, is 413 and is not read; nor is any form of somebody who is not logged in.
 *
 * <p><b>Security:</b> the {@link Issuer} decides where a request may come from. The rules of the application must leave the path to
 * this servlet, logged in or not, so that whoever is not gets a 401 and no redirect to a login page.
 */
public final class TicketServlet extends HttpServlet {

    private static final String ANSWER = TicketServlet.class.getName();

    /** More than any store's own timeout. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How long after that the container begins a dispatch that it has lost. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private static final IssueAnswer UNAVAILABLE =
            new IssueAnswer(Refusal.FAILED.status(), Refusal.FAILED.headers(), Refusal.FAILED.body());

    private final transient Issuer issuer;
    private final transient TicketGrants grants;
    private final transient Predicate<? super HttpServletRequest> csrfProof;
    private final Duration patience;

    private TicketServlet(
            Issuer issuer, TicketGrants grants, Predicate<? super HttpServletRequest> csrfProof, Duration patience) {
        this.issuer = Objects.requireNonNull(issuer, "issuer");
        this.grants = Objects.requireNonNull(grants, "grants");
        this.csrfProof = Objects.requireNonNull(csrfProof, "csrfProof");
        this.patience = patience;
    }

    /** Tickets for whoever is the principal of a request, by its name, to pages whose browser says where they come from. */
    public static TicketServlet of(Issuer issuer) {
        return new TicketServlet(issuer, TicketGrants.byPrincipal(), request -> false, PATIENCE);
    }

    /** The same for what the application grants its users. */
    public TicketServlet withGrants(TicketGrants grants) {
        return new TicketServlet(issuer, grants, csrfProof, patience);
    }

    /**
     * The same, also for requests that do not say where they come from, if they carry what this test finds: the application's own CSRF
     * token. It is asked only about users who are logged in.
     */
    public TicketServlet withCsrfProof(Predicate<? super HttpServletRequest> csrfProof) {
        return new TicketServlet(issuer, grants, csrfProof, patience);
    }

    /** The same, waiting so long for a store that breaks its promise to answer in time. */
    TicketServlet withPatience(Duration patience) {
        return new TicketServlet(issuer, grants, csrfProof, patience);
    }

    /**
     * Registers this servlet for one path, such as {@code /ticket/}, with asynchronous support.
     *
     * @throws IllegalStateException if a servlet of this kind is registered already, or the context has been started
     * @throws IllegalArgumentException if it is a pattern for more than one path, or another servlet has it
     */
    public void register(ServletContext context, String path) {
        if (!path.startsWith("/") || path.equals("/") || path.contains("*")) {
            throw new IllegalArgumentException("The path must be one such as /ticket/, not " + path);
        }
        ServletRegistration.Dynamic registration = context.addServlet(TicketServlet.class.getName(), this);
        if (registration == null) {
            throw new IllegalStateException("A TicketServlet is registered already");
        }
        registration.setAsyncSupported(true);
        if (!registration.addMapping(path).isEmpty()) {
            throw new IllegalArgumentException("Another servlet has the path " + path);
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getAttribute(ANSWER) instanceof Pending pending) {
            ServletAnswer.write(response, pending.answer().getNow(UNAVAILABLE));
        } else if (!isSpelledAsRegistered(request)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else if (ServletIssueRequest.hasLongForm(request)) {
            response.sendError(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE);
        } else {
            answer(request, response);
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SessionEnds.begin(request);
        CompletableFuture<IssueAnswer> answer = issuer.issue(
                        new ServletIssueRequest(request, csrfProof), () -> grants.grant(request))
                .toCompletableFuture()
                // The store may break its promise to answer in time.
                .completeOnTimeout(UNAVAILABLE, patience.toMillis(), TimeUnit.MILLISECONDS);
        if (answer.isDone() || !request.isAsyncSupported()) {
            ServletAnswer.write(response, answer.join());
            return;
        }
        request.setAttribute(ANSWER, new Pending(answer));
        var dispatch = new LateDispatch(request.startAsync(request, response), patience.plus(GRACE));
        CompletableFuture<Void> unused = answer.thenRun(dispatch::now);
    }

    private static boolean isSpelledAsRegistered(HttpServletRequest request) {
        // A container gives the context path of a request as it was spelled, and that of the context as it is.
        String path = request.getServletContext().getContextPath()
                + request.getServletPath()
                + Objects.requireNonNullElse(request.getPathInfo(), "");
        return request.getRequestURI().equals(path);
    }

    /** What a request waits for, so that no thread but the container's touches the request. */
    private record Pending(CompletableFuture<IssueAnswer> answer) {}
}
