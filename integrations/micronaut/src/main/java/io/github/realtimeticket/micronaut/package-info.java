// SPDX-License-Identifier: Apache-2.0
/**
 * Issuing and redeeming in Micronaut: beans that an application finds when this is on its class path.
 *
 * <p>Where the application has an {@link io.github.realtimeticket.Issuer}, a logged-in page asks for a ticket with {@code POST /ticket/}; a
 * {@link io.github.realtimeticket.micronaut.TicketGrants} says whom it stands for. Where it has a {@link io.github.realtimeticket.Gate}, a
 * {@link io.github.realtimeticket.micronaut.TicketFilter} redeems the ticket before Micronaut opens any of its WebSockets, and makes its holder
 * the user of the session. In the pipeline of Netty a handler sees the WebSocket open, and ends it with the login.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.micronaut;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
