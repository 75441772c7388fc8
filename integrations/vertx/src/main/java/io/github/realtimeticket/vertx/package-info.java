// SPDX-License-Identifier: Apache-2.0
/**
 * Issuing and redeeming in Vert.x: a logged-in user gets a ticket, and a ticket opens a connection to an HTTP server, once, for its holder.
 *
 * <p>With vertx-web, a page asks for a ticket with {@code POST} at an {@link io.github.realtimeticket.vertx.IssuerHandler}, which asks an
 * {@link io.github.realtimeticket.Issuer}, and a {@link io.github.realtimeticket.vertx.TicketGrants} whom the ticket stands for;
 * a {@link io.github.realtimeticket.vertx.SessionEnds} ends with the web session what is issued in it.
 * {@link io.github.realtimeticket.vertx.TicketHandler} is a handler of a route that redeems the ticket,
 * makes the holder the user of the routing context, and goes on with the next handler, which may upgrade to a WebSocket, start
 * an event stream or answer at once. Without vertx-web, {@link io.github.realtimeticket.vertx.TicketHandshakeHandler} is the request
 * handler of a plain HTTP server and gives the opened WebSocket together with its admission to the application. Both ask the same
 * {@link io.github.realtimeticket.Gate}. None of them blocks an event loop, and all go on in the Vert.x context that the request came in.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.vertx;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
