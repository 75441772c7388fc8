// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.IssueRequest;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketGrant;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Answers {@code POST} with a ticket for the logged-in user: {@code {"status":"ok","message":TICKET,"expires_in":10}}. A handler of
 * Spring MVC like any other, behind the application's filters, firewall and interceptors; what one of them refuses keeps its answer.
 *
 * <p>Thread-safe. A request waits for the store, which answers or fails within its own timeout; never with the in-memory store, and
 * at most {@value StoreWait#THREADS} requests do, and the others get a 503. An asynchronous answer would be dispatched a second time, through every filter that
 * takes part in that, which costs more than the wait.
 *
 * <p><b>Security:</b> the {@link Issuer} decides where a request may come from.
 */
public final class TicketEndpoint implements HandlerFunction<ServerResponse>, CorsConfigurationSource {

    private final Issuer issuer;
    private final TicketGrants grants;
    private final StoreWait store = new StoreWait();

    private TicketEndpoint(Issuer issuer, TicketGrants grants) {
        this.issuer = Objects.requireNonNull(issuer, "issuer");
        this.grants = Objects.requireNonNull(grants, "grants");
    }

    /** The endpoint at this path, of any method, for what the application grants its users. */
    public static RouterFunction<ServerResponse> at(TicketEndpointPath path, Issuer issuer, TicketGrants grants) {
        return RouterFunctions.route(
                request -> path.matches(request.servletRequest()), new TicketEndpoint(issuer, grants));
    }

    @Override
    public ServerResponse handle(ServerRequest request) {
        IssueAnswer answer = answer(request.servletRequest());
        return ServerResponse.ok().build((unused, response) -> {
            ServletAnswer.write(response, answer);
            return null;
        });
    }

    private IssueAnswer answer(HttpServletRequest asked) {
        IssueRequest request = new ServletIssueRequest(asked);
        Optional<IssueAnswer> misplaced = issuer.refuse(request, true);
        if (misplaced.isPresent()) {
            return misplaced.get();
        }
        Supplier<Optional<? extends TicketGrant>> user = user(grants, asked);
        return store.get(
                        () -> issuer.issue(request, user),
                        outcome -> outcome.status() == HttpServletResponse.SC_SERVICE_UNAVAILABLE)
                .orElseGet(IssueAnswer::unavailable);
    }

    /** What the application grants, asked now: what it takes its time for is no waiting for the store. */
    static Supplier<Optional<? extends TicketGrant>> user(TicketGrants grants, HttpServletRequest request) {
        Principal user = request.getUserPrincipal();
        try {
            Optional<? extends TicketGrant> grant = user == null ? Optional.empty() : grants.grant(user, request);
            return () -> grant;
        } catch (RuntimeException | Error e) {
            return () -> {
                throw e;
            };
        }
    }

    /** For a preflight alone: where any other request may come from, the issuer decides. */
    @Override
    public @Nullable CorsConfiguration getCorsConfiguration(HttpServletRequest request) {
        if (!CorsUtils.isPreFlightRequest(request)) {
            return null;
        }
        var allowed = new CorsConfiguration();
        // Spring compares without regard to case, and the issuer does not.
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        allowed.setAllowedOrigins(issuer.allowedOrigins().contains(origin) ? List.of(origin) : List.of());
        allowed.setAllowedMethods(List.of("POST"));
        allowed.setAllowedHeaders(List.of(CorsConfiguration.ALL));
        allowed.setAllowCredentials(true);
        allowed.setMaxAge(Duration.ofMinutes(10));
        return allowed;
    }
}
