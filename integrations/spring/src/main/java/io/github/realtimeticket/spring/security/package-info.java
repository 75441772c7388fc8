// SPDX-License-Identifier: Apache-2.0
/**
 * Spring Security: whom a ticket stands for, and requests that are authenticated by ticket.
 *
 * <p>When issuing, {@link io.github.realtimeticket.spring.security.AuthenticationGrants} turns an {@code Authentication} into
 * what its ticket stands for. When redeeming, {@link io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer} makes a
 * security filter chain one that admits requests through a gate alone; what the application sees of them is what a {@link
 * io.github.realtimeticket.spring.security.TicketAuthenticationConverter} makes of the admission: unless told otherwise, a {@link
 * io.github.realtimeticket.spring.security.TicketAuthentication} of the holder, without authorities.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.spring.security;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
