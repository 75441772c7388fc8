// SPDX-License-Identifier: Apache-2.0
/**
 * Redeeming in the first message of GraphQL over WebSocket, {@code connection_init}, in Spring for GraphQL.
 *
 * <p>A {@link io.github.realtimeticket.spring.graphql.TicketWebMvcHandler}, or on WebFlux a {@link
 * io.github.realtimeticket.spring.graphql.TicketWebFluxHandler}, keeps with each session how far it has come, and closes it with a code that
 * tells one refusal from another. The {@link io.github.realtimeticket.spring.graphql.TicketGraphQlInterceptor} asks the {@link
 * io.github.realtimeticket.Gate} before {@code connection_ack}, and makes the ticket's holder the user of every operation of the session.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.spring.graphql;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
