// SPDX-License-Identifier: Apache-2.0
/**
 * {@link io.github.realtimeticket.examples.rsocket.RSocketChat} is a whole application of RSocket over WebSocket, whose connections a {@link
 * io.github.realtimeticket.examples.rsocket.TicketAcceptor} lets in; the tests drive it.
 */
@NullMarked
package io.github.realtimeticket.examples.rsocket;

import org.jspecify.annotations.NullMarked;
