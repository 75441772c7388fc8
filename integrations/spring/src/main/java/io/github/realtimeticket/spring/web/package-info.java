// SPDX-License-Identifier: Apache-2.0
/**
 * Issuing from a Spring MVC application, on the servlet stack.
 *
 * <p>A logged-in page asks for a ticket with {@code POST /ticket/}. {@link io.github.realtimeticket.spring.web.TicketEndpointFilter}
 * keeps strangers out before the application's rules would send them to a login page; {@link
 * io.github.realtimeticket.spring.web.TicketEndpoint}, a handler of Spring MVC, answers with a ticket. A page that carries its first
 * ticket needs no request at all: {@link io.github.realtimeticket.spring.web.RealtimeTicket} on its controller puts one into the
 * model. All ask an {@link io.github.realtimeticket.Issuer}, and a {@link io.github.realtimeticket.spring.web.TicketGrants} whom
 * the ticket stands for.
 *
 * <p>What is the same on both web stacks is here, too: a {@link io.github.realtimeticket.spring.web.PageTicket}, what a preflight is told
 * ({@link io.github.realtimeticket.spring.web.TicketCors}), a ticket that comes in a {@link io.github.realtimeticket.spring.web.FirstMessage}, the {@link
 * io.github.realtimeticket.spring.web.Decision} of a gate on a request, and the {@link io.github.realtimeticket.spring.web.Handover} of one to a WebSocket.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.spring.web;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
