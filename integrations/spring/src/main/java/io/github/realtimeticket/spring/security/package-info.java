// SPDX-License-Identifier: Apache-2.0
/**
 * Spring Security: whom a ticket stands for, and requests that are authenticated by ticket.
 *
 * <p>When issuing, {@link io.github.realtimeticket.spring.security.AuthenticationHolders} turns an {@code Authentication} into
 * the ticket's holder. When redeeming, {@link io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer} adds a
 * filter to a security filter chain that admits requests on chosen paths through a gate; what the application sees of them is
 * a {@link io.github.realtimeticket.spring.security.TicketAuthentication}, whose authorities are what a {@link
 * io.github.realtimeticket.spring.security.TicketAuthorities} grants: none, unless told otherwise.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.spring.security;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
