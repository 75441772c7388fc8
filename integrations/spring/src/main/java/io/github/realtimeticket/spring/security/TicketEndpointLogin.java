// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import io.github.realtimeticket.spring.web.TicketEndpointGuard;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.csrf.CsrfFilter;

/** Tells "not logged in" (401) from "not allowed" (403) where tickets are issued, however an application tells them. */
public final class TicketEndpointLogin {

    private static final AuthenticationTrustResolver TRUST = new AuthenticationTrustResolverImpl();

    private TicketEndpointLogin() {}

    /**
     * For every security filter chain. It concerns only requests that a {@link TicketEndpointGuard} has let through: those of
     * nobody are stopped after CSRF protection and every way to log in, before the application's rules; and where CSRF
     * protection has refused one already, because its token went with the login, that is a 401 too.
     */
    public static Customizer<HttpSecurity> customizer() {
        return http -> http.addFilterBefore(TicketEndpointLogin::csrfOfNobody, CsrfFilter.class)
                .addFilterBefore(TicketEndpointLogin::nobody, AuthorizationFilter.class);
    }

    private static void nobody(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest asked = (HttpServletRequest) request;
        if (TicketEndpointGuard.guards(asked) && asked.getUserPrincipal() == null) {
            ((HttpServletResponse) response).sendError(HttpServletResponse.SC_UNAUTHORIZED);
        } else {
            chain.doFilter(request, response);
        }
    }

    private static void csrfOfNobody(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, response);
        HttpServletRequest asked = (HttpServletRequest) request;
        HttpServletResponse answer = (HttpServletResponse) response;
        // Who logs in with each request has not been asked yet when CSRF protection refuses.
        if (TicketEndpointGuard.guards(asked)
                && answer.getStatus() == HttpServletResponse.SC_FORBIDDEN
                && asked.getHeader("Authorization") == null
                && !TRUST.isAuthenticated(SecurityContextHolder.getContext().getAuthentication())) {
            answer.sendError(HttpServletResponse.SC_UNAUTHORIZED);
        }
    }
}
