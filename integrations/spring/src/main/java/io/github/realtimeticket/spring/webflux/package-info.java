// SPDX-License-Identifier: Apache-2.0
/**
 * Issuing and redeeming in Spring WebFlux, where nothing waits on a thread.
 *
 * <p>A logged-in page asks for a ticket with {@code POST /ticket/}: {@link io.github.realtimeticket.spring.webflux.TicketEndpoint}
 * answers, and {@link io.github.realtimeticket.spring.webflux.TicketEndpointSecurity} keeps strangers out before the application's rules would
 * send them to a login page. {@link io.github.realtimeticket.spring.webflux.RealtimeTicketResultHandler} puts a ticket into the model of views
 * whose controller carries {@link io.github.realtimeticket.spring.web.RealtimeTicket}. Whom the ticket stands for says a {@link
 * io.github.realtimeticket.spring.webflux.ReactiveTicketGrants}.
 *
 * <p>Where tickets are redeemed, {@link io.github.realtimeticket.spring.webflux.TicketAuthenticationCustomizer} makes a security filter
 * chain one that a ticket opens, and nothing else; without Spring Security, {@link
 * io.github.realtimeticket.spring.webflux.TicketWebSocketService} does it for WebSockets. Both ask an {@link
 * io.github.realtimeticket.spring.webflux.ExchangeGate}, which decides once on an exchange.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.spring.webflux;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
