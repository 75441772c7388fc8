// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Issuer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.SmartView;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.view.UrlBasedViewResolver;

/**
 * Puts a ticket into the model of views whose controller carries {@link RealtimeTicket}.
 *
 * <p>Thread-safe. Rendering waits for the store, which answers or fails within its own timeout.
 */
public final class RealtimeTicketInterceptor implements HandlerInterceptor {

    private final Issuer issuer;
    private final TicketGrants grants;

    /** Tickets of this issuer, for what the application grants its users. */
    public RealtimeTicketInterceptor(Issuer issuer, TicketGrants grants) {
        this.issuer = Objects.requireNonNull(issuer, "issuer");
        this.grants = Objects.requireNonNull(grants, "grants");
    }

    @Override
    public void postHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable ModelAndView page) {
        if (page == null || !PageTicket.isWantedBy(handler) || !isRendered(page)) {
            return;
        }
        var ticket = new PageTicket(
                issuer.issueForPage(new ServletIssueRequest(request), TicketEndpoint.user(grants, request))
                        .toCompletableFuture()
                        .join());
        page.addObject(PageTicket.ATTRIBUTE, ticket);
        ticket.writeHeaders(response::setHeader);
    }

    private static boolean isRendered(ModelAndView page) {
        View view = page.getView();
        if (view != null) {
            return !(view instanceof SmartView smart && smart.isRedirectView());
        }
        String name = page.getViewName();
        return name != null
                && !name.startsWith(UrlBasedViewResolver.REDIRECT_URL_PREFIX)
                && !name.startsWith(UrlBasedViewResolver.FORWARD_URL_PREFIX);
    }
}
