// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketGrant;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
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
 * <p>Thread-safe. A request waits for the store, which answers or fails within its own timeout; never with the in-memory store. An
 * asynchronous answer would be dispatched a second time, through every filter that takes part in that, which costs more than the
 * wait. {@link io.github.realtimeticket.BoundedTicketStore} bounds how many wait.
 *
 * <p><b>Security:</b> the {@link Issuer} decides where a request may come from.
 */
public final class TicketEndpoint implements HandlerFunction<ServerResponse>, CorsConfigurationSource {

    private final Issuer issuer;
    private final TicketGrants grants;

    private TicketEndpoint(Issuer issuer, TicketGrants grants) {
        this.issuer = Objects.requireNonNull(issuer, "issuer");
        this.grants = Objects.requireNonNull(grants, "grants");
    }

    /** The endpoint at this path, of any method, for what the application grants its users. */
    public static RouterFunction<ServerResponse> at(TicketEndpointPath path, Issuer issuer, TicketGrants grants) {
        return RouterFunctions.route(
                request -> TicketEndpointFilter.isFor(path, request.servletRequest()),
                new TicketEndpoint(issuer, grants));
    }

    @Override
    public ServerResponse handle(ServerRequest request) {
        HttpServletRequest asked = request.servletRequest();
        IssueAnswer answer = issuer.issue(new ServletIssueRequest(asked), user(grants, asked))
                .toCompletableFuture()
                .join();
        return ServerResponse.ok().build((unused, response) -> {
            ServletAnswer.write(response, answer);
            return null;
        });
    }

    static Supplier<Optional<? extends TicketGrant>> user(TicketGrants grants, HttpServletRequest request) {
        Principal user = request.getUserPrincipal();
        return () -> user == null ? Optional.empty() : grants.grant(user, request);
    }

    /** For a preflight alone: where any other request may come from, the issuer decides. */
    @Override
    public @Nullable CorsConfiguration getCorsConfiguration(HttpServletRequest request) {
        return CorsUtils.isPreFlightRequest(request)
                ? TicketCors.of(issuer, request.getHeader(HttpHeaders.ORIGIN))
                : null;
    }
}
