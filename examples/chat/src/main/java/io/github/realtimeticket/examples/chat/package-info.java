// SPDX-License-Identifier: Apache-2.0
/**
 * The demonstration: a user logs in to a web application and is known by name on a realtime backend. {@link
 * io.github.realtimeticket.examples.chat.Demo} starts the two, in one process with tickets in memory, or each in its own with
 * tickets in Redis. The web application is in {@code web}, with Spring Boot; the backend is in {@code realtime}, with Vert.x.
 * All that the two share is a {@link io.github.realtimeticket.TicketStore}, and beside it what is to end: {@link
 * io.github.realtimeticket.Revocations}.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.examples.chat;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
