// SPDX-License-Identifier: Apache-2.0
/**
 * Issuing and redeeming in Netty: a logged-in user gets a ticket, and it opens a connection to an HTTP server, once, for its holder.
 *
 * <p>An {@link io.github.realtimeticket.netty.IssuerHandler} answers a page that asks for a ticket with {@code POST}. It asks an
 * {@link io.github.realtimeticket.Issuer}, and the application's {@link io.github.realtimeticket.netty.TicketGrants} whom the ticket stands for.
 *
 * <p>{@link io.github.realtimeticket.netty.TicketHandler} stands in the pipeline behind the HTTP codec and before what serves
 * requests, such as Netty's WebSocket handler. It asks a {@link io.github.realtimeticket.Gate}, never blocks an event loop, and
 * passes on what was admitted, which the handlers behind it find by
 * {@link io.github.realtimeticket.netty.TicketHandler#admitted(io.netty.channel.Channel)}.
 * {@link io.github.realtimeticket.netty.SocketIoGate} is the same for the sessions of a netty-socketio server.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.netty;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
