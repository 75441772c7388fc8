// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.Revocations;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import org.jspecify.annotations.Nullable;

/**
 * Notes what has been revoked before any filter reads the user of a request for a ticket, so that the ticket of a user who is revoked after
 * that is refused (T16).
 */
@Context
@Requires(beans = {TicketEndpoint.class, Revocations.class})
@Order(Ordered.HIGHEST_PRECEDENCE)
// The endpoint knows its path with the context path.
@ServerFilter(value = ServerFilter.MATCH_ALL_PATTERN, appendContextPath = false)
final class RevisionFilter {

    private static final String NOTED = RevisionFilter.class.getName();

    private final TicketEndpoint endpoint;
    private final Revocations revocations;

    private record Noted(@Nullable String revision) {}

    RevisionFilter(TicketEndpoint endpoint, Revocations revocations) {
        this.endpoint = endpoint;
        this.revocations = revocations;
    }

    /** What was noted with the request; without this filter what it is now. */
    static @Nullable String revision(HttpRequest<?> request, @Nullable String now) {
        Noted noted = request.getAttribute(NOTED, Noted.class).orElse(null);
        return noted == null ? now : noted.revision();
    }

    @RequestFilter
    void note(HttpRequest<?> request) {
        if (endpoint.path().equals(request.getUri().getRawPath())) {
            request.setAttribute(NOTED, new Noted(revocations.knownRevision().orElse(null)));
        }
    }
}
