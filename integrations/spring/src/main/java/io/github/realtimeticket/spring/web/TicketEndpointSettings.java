// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the endpoint is, and what it allows beyond pages of its own origin.
 *
 * @param path the path of the endpoint, as the filters between the guard and the endpoint see it, whichever spelling was asked
 *     for: the one to name in the application's own rules
 * @param origin the origin of the application's pages where the request cannot tell it; {@code null} if it can
 * @param allowedOrigins the other origins whose pages may ask for tickets, exactly as browsers send them; empty for none, and
 *     then no CORS header is ever sent (T12)
 * @param showDetails whether error messages say what is wrong; for development
 */
public record TicketEndpointSettings(
        String path, @Nullable String origin, Set<String> allowedOrigins, boolean showDetails) {

    /** Copies. */
    public TicketEndpointSettings {
        Objects.requireNonNull(path, "path");
        allowedOrigins = Set.copyOf(allowedOrigins);
    }

    /** At {@code /ticket/}, with no other origins, and no details. */
    public static TicketEndpointSettings strict() {
        return new TicketEndpointSettings("/ticket/", null, Set.of(), false);
    }

    /** The same at this path. */
    public TicketEndpointSettings withPath(String path) {
        return new TicketEndpointSettings(path, origin, allowedOrigins, showDetails);
    }

    /** The same with pages of this origin. */
    public TicketEndpointSettings withOrigin(@Nullable String origin) {
        return new TicketEndpointSettings(path, origin, allowedOrigins, showDetails);
    }

    /** The same with these other origins. */
    public TicketEndpointSettings withAllowedOrigins(Collection<String> allowedOrigins) {
        return new TicketEndpointSettings(path, origin, Set.copyOf(allowedOrigins), showDetails);
    }

    /** The same with error messages that say what is wrong. */
    public TicketEndpointSettings withDetails() {
        return new TicketEndpointSettings(path, origin, allowedOrigins, true);
    }
}
