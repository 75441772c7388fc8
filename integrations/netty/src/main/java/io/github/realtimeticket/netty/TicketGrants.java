// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.TicketGrant;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;

/**
 * Says what ticket the user of a request gets, and whether one: who is logged in, whom the ticket stands for, and if need be for which backend,
 * for how long, and with which attributes. Netty knows no users, so the application does.
 *
 * <pre>{@code
 * request -> sessions.userOf(request).map(user -> TicketGrant.to(TicketHolder.of(user.id(), user.name())))
 * }</pre>
 */
@FunctionalInterface
public interface TicketGrants {

    /**
     * The grant for the user of this request; nothing if nobody is logged in, which is answered with 401. Asked only if method and site are
     * right, in the thread of the {@link IssuerHandler}, which is the event loop unless the handler was added with an executor of its own.
     * What it throws is answered with 500. It must not keep the request, whose content, if an aggregator has put it there, is released then.
     */
    Optional<? extends TicketGrant> grant(HttpRequest request);
}
