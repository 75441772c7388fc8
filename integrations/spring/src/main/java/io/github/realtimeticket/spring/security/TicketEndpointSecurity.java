// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.spring.web.TicketEndpointFilter;
import io.github.realtimeticket.spring.web.TicketEndpointPath;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/** What a security filter chain does on the path where tickets are issued. */
public final class TicketEndpointSecurity {

    private TicketEndpointSecurity() {}

    /**
     * For every security filter chain. After every way to log in and before the application's rules, a {@link TicketEndpointFilter}
     * tells "not logged in" (401) from "not allowed" (403).
     *
     * <p><b>Security:</b> Spring's CSRF protection leaves the path to the {@link Issuer}, which compares the same token where a
     * browser's headers do not show that the request comes from an allowed page. So whoever logs in with each request, and has no
     * token yet, is asked who it is before a token is asked for.
     */
    public static Customizer<HttpSecurity> customizer(Issuer issuer, TicketEndpointPath path) {
        return http -> http.csrf(
                        csrf -> csrf.ignoringRequestMatchers(request -> TicketEndpointFilter.isFor(path, request)))
                .addFilterBefore(new TicketEndpointFilter(issuer, path), AuthorizationFilter.class);
    }
}
