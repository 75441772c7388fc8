// SPDX-License-Identifier: Apache-2.0
/**
 * A short-lived ticket opens one realtime connection, once, for a logged-in user.
 *
 * <p>The web application knows the user as a {@link io.github.realtimeticket.TicketHolder} and calls {@link
 * io.github.realtimeticket.Tickets#issue(io.github.realtimeticket.TicketHolder)}, which puts the holder into a {@link
 * io.github.realtimeticket.TicketStore} under a new {@link io.github.realtimeticket.Ticket}. The ticket travels to the browser
 * and from there, in a {@link io.github.realtimeticket.TicketCarrier}, with the request that opens the connection. The backend
 * hands that {@link io.github.realtimeticket.ConnectionRequest} to its {@link io.github.realtimeticket.Gate}, which redeems the
 * ticket and answers with an {@link io.github.realtimeticket.Admission}. A {@link io.github.realtimeticket.TicketListener}
 * watches all of it.
 *
 * <p>The numbered rules, cited throughout, are in {@code docs/protocol.md}.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
