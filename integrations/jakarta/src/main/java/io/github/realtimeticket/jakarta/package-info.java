// SPDX-License-Identifier: Apache-2.0
/**
 * Issuing and redeeming in any Jakarta Servlet container, without a framework.
 *
 * <p>A logged-in page asks for a ticket with {@code POST} at a {@link io.github.realtimeticket.jakarta.TicketServlet}, or finds its
 * first one in the page, where a {@link io.github.realtimeticket.jakarta.PageTicketFilter} offers it to the view. Both ask an
 * {@link io.github.realtimeticket.Issuer}, and a {@link io.github.realtimeticket.jakarta.TicketGrants} whom the ticket stands for.
 * On the paths that a ticket opens, a {@link io.github.realtimeticket.jakarta.TicketFilter} redeems it before the container upgrades
 * to a Jakarta WebSocket, or a servlet begins an event stream, and makes its holder the user of the request.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.jakarta;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
