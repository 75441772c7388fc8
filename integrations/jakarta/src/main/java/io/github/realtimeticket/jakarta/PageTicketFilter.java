// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Ticket;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/**
 * Offers a ticket to the views of pages, as the request attribute {@value #ATTRIBUTE}: a JSP prints {@code ${realtime_ticket.text}}.
 *
 * <p>The text is empty if nobody is logged in, the store is down, or the page is not shown to its user now (a {@code HEAD}, a prefetch);
 * the page renders in any case. A page that prints none issues none. A page with a ticket is sent with {@code Cache-Control: no-store}
 * and {@code Referrer-Policy: no-referrer}; so a ticket is issued only until the first bytes of the page have been sent.
 *
 * <p>Thread-safe. Rendering waits for the store, which answers or fails within its own timeout.
 */
public final class PageTicketFilter implements Filter {

    /** The request attribute with the {@link PageTicket}. */
    public static final String ATTRIBUTE = "realtime_ticket";

    private final Issuer issuer;
    private final TicketGrants grants;

    private PageTicketFilter(Issuer issuer, TicketGrants grants) {
        this.issuer = Objects.requireNonNull(issuer, "issuer");
        this.grants = Objects.requireNonNull(grants, "grants");
    }

    /** Tickets of this issuer for whoever is the principal of a request, by its name. */
    public static PageTicketFilter of(Issuer issuer) {
        return new PageTicketFilter(issuer, TicketGrants.byPrincipal());
    }

    /** The same for what the application grants its users. */
    public PageTicketFilter withGrants(TicketGrants grants) {
        return new PageTicketFilter(issuer, grants);
    }

    /**
     * Registers this filter for these URL patterns, with asynchronous support.
     *
     * @throws IllegalStateException if a filter of this kind is registered already, or the context has been started
     */
    public void register(ServletContext context, String... urlPatterns) {
        FilterRegistration.Dynamic registration = context.addFilter(PageTicketFilter.class.getName(), this);
        if (registration == null) {
            throw new IllegalStateException("A PageTicketFilter is registered already");
        }
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(null, true, urlPatterns);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest asked = (HttpServletRequest) request;
        HttpServletResponse answer = (HttpServletResponse) response;
        SessionEnds.begin(asked);
        request.setAttribute(ATTRIBUTE, new PageTicket(() -> issue(asked, answer)));
        chain.doFilter(request, response);
    }

    private Optional<Ticket> issue(HttpServletRequest request, HttpServletResponse response) {
        if (response.isCommitted()) {
            return Optional.empty();
        }
        Optional<Ticket> ticket = issuer.issueForPage(
                        new ServletIssueRequest(request, unused -> false), () -> grants.grant(request))
                .toCompletableFuture()
                .join();
        if (ticket.isPresent()) {
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("Referrer-Policy", "no-referrer");
        }
        return ticket;
    }
}
