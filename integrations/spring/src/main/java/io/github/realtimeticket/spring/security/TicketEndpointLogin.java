// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import io.github.realtimeticket.spring.web.TicketEndpointGuard;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/** Tells "not logged in" (401) from "not allowed" (403) where tickets are issued, however an application tells them. */
public final class TicketEndpointLogin {

    private TicketEndpointLogin() {}

    /**
     * For every security filter chain. It concerns only requests that a {@link TicketEndpointGuard} has let through, after CSRF
     * protection and every way to log in, and before the application's rules.
     */
    public static Customizer<HttpSecurity> customizer() {
        return http -> http.addFilterBefore(
                (request, response, chain) -> {
                    HttpServletRequest asked = (HttpServletRequest) request;
                    if (TicketEndpointGuard.guards(asked) && asked.getUserPrincipal() == null) {
                        ((HttpServletResponse) response).sendError(HttpServletResponse.SC_UNAUTHORIZED);
                    } else {
                        chain.doFilter(request, response);
                    }
                },
                AuthorizationFilter.class);
    }
}
