// SPDX-License-Identifier: Apache-2.0
/** What the starter does with GraphQL over WebSocket, on Spring MVC and on Spring WebFlux. */
@NullMarked
package io.github.realtimeticket.spring.graphql;

import org.jspecify.annotations.NullMarked;
