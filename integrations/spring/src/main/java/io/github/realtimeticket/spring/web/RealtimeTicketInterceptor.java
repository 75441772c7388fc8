// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Ticket;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;
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

    /** The model attribute that prints as the text of the ticket. */
    public static final String ATTRIBUTE = "realtime_ticket";

    private static final System.Logger LOG = System.getLogger(RealtimeTicketInterceptor.class.getName());

    private final TicketIssuer issuer;
    private final @Nullable String origin;

    /**
     * Tickets of this issuer.
     *
     * @param origin the origin of the application's pages, to which the tickets are bound; {@code null} to leave them unbound,
     *     since the request for a page does not tell it
     */
    public RealtimeTicketInterceptor(TicketIssuer issuer, @Nullable String origin) {
        this.issuer = Objects.requireNonNull(issuer, "issuer");
        this.origin = origin;
    }

    @Override
    public void postHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable ModelAndView page) {
        if (page == null || !isAnnotated(handler) || !isRendered(page)) {
            return;
        }
        Ticket ticket = issue(request);
        page.addObject(ATTRIBUTE, ticket == null ? null : new PageTicket(ticket));
        if (ticket != null) {
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("Referrer-Policy", "no-referrer");
        }
    }

    private static boolean isAnnotated(Object handler) {
        return handler instanceof HandlerMethod method
                && (method.hasMethodAnnotation(RealtimeTicket.class)
                        || AnnotatedElementUtils.hasAnnotation(method.getBeanType(), RealtimeTicket.class));
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

    private @Nullable Ticket issue(HttpServletRequest request) {
        try {
            Optional<CompletableFuture<Ticket>> issuing = issuer.issue(request.getUserPrincipal(), origin);
            return issuing.isEmpty() ? null : issuing.get().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.log(Level.WARNING, "A page is rendered without a ticket: interrupted");
        } catch (ExecutionException e) {
            LOG.log(Level.WARNING, "A page is rendered without a ticket: " + e.getCause());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A page is rendered without a ticket", e);
        }
        return null;
    }
}
