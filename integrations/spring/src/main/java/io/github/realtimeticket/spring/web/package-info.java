// SPDX-License-Identifier: Apache-2.0
/**
 * Issuing from a Spring MVC application, on the servlet stack.
 *
 * <p>A logged-in page asks for a ticket with {@code POST /ticket/}. {@link
 * io.github.realtimeticket.spring.web.TicketEndpointGuard} stands before the application's security and keeps strangers out;
 * {@link io.github.realtimeticket.spring.web.TicketEndpoint} stands behind it and answers with a ticket. A page that carries its
 * first ticket needs no request at all: {@link io.github.realtimeticket.spring.web.RealtimeTicket} on its controller puts one
 * into the model. Both ask a {@link io.github.realtimeticket.spring.web.TicketIssuer}, which learns from a {@link
 * io.github.realtimeticket.spring.web.TicketHolderMapper} whom the ticket stands for.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.spring.web;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
