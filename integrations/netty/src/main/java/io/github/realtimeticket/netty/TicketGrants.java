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
     * right, on the event loop, so it must not block: what has to be looked up, a handler before the {@link IssuerHandler} puts into a header
     * field of that very request, in place of what the client has sent there; an attribute of the channel may be of the next request by then.
     * What it throws is answered with 500. It must not keep the request, whose content, if an aggregator has put it there, is released.
     */
    Optional<? extends TicketGrant> grant(HttpRequest request);
}
