// SPDX-License-Identifier: Apache-2.0
/**
 * Redeeming at the handshake of Spring WebSocket, in applications without Spring Security.
 *
 * <p>Register {@link io.github.realtimeticket.spring.websocket.TicketHandshakeInterceptor} with a WebSocket handler: a
 * connection request without a good ticket is refused, and the holder of a good one is in the attributes of the session. With
 * {@link io.github.realtimeticket.spring.websocket.TicketHandshakeHandler} beside it, the holder is the session's principal
 * too.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.spring.websocket;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
