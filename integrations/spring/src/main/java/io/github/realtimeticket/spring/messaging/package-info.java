// SPDX-License-Identifier: Apache-2.0
/**
 * Redeeming in the first frame of STOMP, over WebSocket and over SockJS.
 *
 * <p>A {@link io.github.realtimeticket.spring.messaging.TicketStompConfigurer} beside {@code @EnableWebSocketMessageBroker} is all: each
 * STOMP session of the application is its ticket's holder's from its {@code CONNECT} on, and without one it has no other frame taken
 * and is closed after seconds. What the opening request told of the page's origin is remembered until then, so that the
 * {@link io.github.realtimeticket.Gate} decides as it does at a handshake.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.spring.messaging;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
