// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Issuer;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/**
 * Answers what is no request of a logged-in user's own page before the application's rules would: 401 and not a redirect to a login
 * page, 405, 403 for another site's page, and the preflight of an allowed page. It stands where the user is known.
 *
 * <p>Thread-safe.
 */
public final class TicketEndpointFilter implements Filter {

    private final Issuer issuer;
    private final TicketEndpointPath path;

    /** A filter for requests on this path. */
    public TicketEndpointFilter(Issuer issuer, TicketEndpointPath path) {
        this.issuer = Objects.requireNonNull(issuer, "issuer");
        this.path = Objects.requireNonNull(path, "path");
    }

    /** Whether the request is for this path, letter by letter. */
    public static boolean isFor(TicketEndpointPath path, HttpServletRequest request) {
        String context = request.getServletContext().getContextPath();
        // A container gives a request's context path as it was spelled, and that of the context as it is; a mock has
        // none.
        return (context.isEmpty() || context.equals(request.getContextPath()))
                && request.getRequestURI().equals(request.getContextPath() + path.path());
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest asked = (HttpServletRequest) request;
        Optional<IssueAnswer> refused = isFor(path, asked)
                ? issuer.refuse(new ServletIssueRequest(asked), asked.getUserPrincipal() != null)
                : Optional.empty();
        if (refused.isPresent()) {
            ServletAnswer.write((HttpServletResponse) response, refused.get());
        } else {
            chain.doFilter(request, response);
        }
    }
}
