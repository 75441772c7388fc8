// SPDX-License-Identifier: Apache-2.0
/**
 * A gate for gRPC: a ticket opens a call to a server, once, for its holder.
 *
 * <p>{@link io.github.realtimeticket.grpc.TicketInterceptor} stands before the services. It asks a {@link io.github.realtimeticket.Gate}, keeps no
 * thread waiting for the store, and lets the calls begin that were admitted, whose services find the admission by
 * {@link io.github.realtimeticket.grpc.TicketInterceptor#admitted()}.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.grpc;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
