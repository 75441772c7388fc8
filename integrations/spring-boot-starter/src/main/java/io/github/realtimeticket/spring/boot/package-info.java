// SPDX-License-Identifier: Apache-2.0
/**
 * Auto-configuration of tickets in a Spring Boot application, from the properties {@code realtime-ticket.*}.
 *
 * <p>Every bean steps back for one of the application's own: the store, the tickets, the gate, and who holds a ticket. In a web
 * application, with servlets or reactive, the endpoint that issues tickets is there, and so is the model attribute of {@link
 * io.github.realtimeticket.spring.web.RealtimeTicket}. Where Micrometer and Actuator are present, tickets are measured and the
 * store's health is told.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.spring.boot;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
