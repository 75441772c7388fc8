// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Issuer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.cors.CorsConfiguration;

/** What a preflight of a request for a ticket is told, in the words of Spring. For the packages of this module. */
public final class TicketCors {

    private TicketCors() {}

    /** For a preflight from this origin: where any other request may come from, the issuer decides. */
    public static CorsConfiguration of(Issuer issuer, @Nullable String origin) {
        var allowed = new CorsConfiguration();
        // Spring compares without regard to case, and the issuer does not.
        allowed.setAllowedOrigins(issuer.allowedOrigins().contains(origin) ? List.of(origin) : List.of());
        allowed.setAllowedMethods(List.of("POST"));
        allowed.setAllowedHeaders(List.of(CorsConfiguration.ALL));
        allowed.setAllowCredentials(true);
        allowed.setMaxAge(Duration.ofMinutes(10));
        return allowed;
    }
}
