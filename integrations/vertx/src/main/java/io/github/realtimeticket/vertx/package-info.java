// SPDX-License-Identifier: Apache-2.0
/**
 * Gates for Vert.x: a ticket opens a connection to an HTTP server, once, for its holder.
 *
 * <p>With vertx-web, {@link io.github.realtimeticket.vertx.TicketHandler} is a handler of a route: it redeems the ticket,
 * makes the holder the user of the routing context, and goes on with the next handler, which may upgrade to a WebSocket, start
 * an event stream or answer at once. Without it, {@link io.github.realtimeticket.vertx.TicketHandshakeHandler} is the request
 * handler of a plain HTTP server and gives the opened WebSocket together with its admission to the application. Both ask the same
 * {@link io.github.realtimeticket.Gate}, never block an event loop, and go on in the Vert.x context that the request came in.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.vertx;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
