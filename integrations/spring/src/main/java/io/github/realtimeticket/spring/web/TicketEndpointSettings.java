// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import java.util.Collection;
import java.util.Set;

/**
 * What the endpoint allows beyond pages of its own origin.
 *
 * @param allowedOrigins the other origins whose pages may ask for tickets, exactly as browsers send them; empty for none, and
 *     then no CORS header is ever sent (T12)
 * @param showDetails whether error messages say what is wrong; for development
 */
public record TicketEndpointSettings(Set<String> allowedOrigins, boolean showDetails) {

    /** Copies. */
    public TicketEndpointSettings {
        allowedOrigins = Set.copyOf(allowedOrigins);
    }

    /** No other origins, and no details. */
    public static TicketEndpointSettings strict() {
        return new TicketEndpointSettings(Set.of(), false);
    }

    /** The same with these other origins. */
    public TicketEndpointSettings withAllowedOrigins(Collection<String> allowedOrigins) {
        return new TicketEndpointSettings(Set.copyOf(allowedOrigins), showDetails);
    }

    /** The same with error messages that say what is wrong. */
    public TicketEndpointSettings withDetails() {
        return new TicketEndpointSettings(allowedOrigins, true);
    }
}
