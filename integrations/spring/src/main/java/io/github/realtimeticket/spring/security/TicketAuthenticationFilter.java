// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.spring.web.BlockingGate;
import io.github.realtimeticket.spring.web.ServletConnectionRequest;
import io.github.realtimeticket.spring.web.ServletRefusal;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.core.context.TransientSecurityContext;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.cors.CorsUtils;

/**
 * Lets requests on its paths through by ticket only.
 *
 * <p>It stands in its chain twice. Before the other ways to log in, it redeems the ticket, so that no session, remembered
 * login or header stands in for a missing one. Behind them, it makes the holder the user again, in case another credential of
 * the same request has named somebody else. What it decided is kept on the request, so that the second time, and when the
 * container dispatches the request again, nothing is redeemed.
 */
final class TicketAuthenticationFilter implements Filter {

    /** Set on a request whose session Spring's SessionManagementFilter has dealt with; it leaves such a request alone. */
    private static final String SESSION_MANAGED = "__spring_security_session_mgmt_filter_applied";

    private static final String PREFLIGHT = "preflight";

    private final BlockingGate gate;
    private final RequestMatcher paths;
    private final TicketAuthorities authorities;
    private final String attribute = getClass().getName() + "@" + System.identityHashCode(this);
    private final SecurityContextHolderStrategy contexts = SecurityContextHolder.getContextHolderStrategy();

    TicketAuthenticationFilter(BlockingGate gate, RequestMatcher paths, TicketAuthorities authorities) {
        this.gate = gate;
        this.paths = paths;
        this.authorities = authorities;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        authenticate((HttpServletRequest) request, (HttpServletResponse) response, chain);
    }

    private void authenticate(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (isPreflight(request)) {
            // It asks whether the request with the ticket may be sent, for nobody: not for a session's user either.
            contexts.setContext(new TransientSecurityContext());
            chain.doFilter(request, response);
            return;
        }
        TicketAuthentication known = known(request);
        if (known == null && paths.matches(request)) {
            Admission admission = gate.admit(new ServletConnectionRequest(request));
            if (admission instanceof Admission.Refused refused) {
                ServletRefusal.write(response, refused.reason());
                return;
            }
            var admitted = (Admission.Admitted) admission;
            known = new TicketAuthentication(admitted, authorities.of(admitted.holder()));
            request.setAttribute(attribute, known);
        }
        if (known != null) {
            SecurityContext context = contexts.createEmptyContext();
            context.setAuthentication(known);
            contexts.setContext(context);
            // A ticket is no login: it begins no session, and does not count where a user's sessions are counted.
            request.setAttribute(SESSION_MANAGED, true);
        }
        chain.doFilter(request, response);
    }

    /** Kept on the request as well: when the container dispatches it to an error page, it is a GET. */
    private boolean isPreflight(HttpServletRequest request) {
        if (request.getAttribute(attribute) == null
                && CorsUtils.isPreFlightRequest(request)
                && paths.matches(request)) {
            request.setAttribute(attribute, PREFLIGHT);
        }
        return PREFLIGHT.equals(request.getAttribute(attribute));
    }

    private @Nullable TicketAuthentication known(HttpServletRequest request) {
        return request.getAttribute(attribute) instanceof TicketAuthentication known ? known : null;
    }
}
