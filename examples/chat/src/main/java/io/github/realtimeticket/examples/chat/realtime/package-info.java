// SPDX-License-Identifier: Apache-2.0
/**
 * The realtime backend of the demonstration, with Vert.x.
 *
 * <p>{@link io.github.realtimeticket.examples.chat.realtime.RealtimeServer} starts a {@code ChatVerticle}, whose port opens
 * WebSockets by ticket and hands each one with its holder to the {@code Room}. There it becomes a {@code Member}: it is
 * welcomed, sees who is present, and says something to all. {@code TicketLife} watches the tickets, so that a member learns
 * when the ticket that opened its connection was redeemed, and when somebody tries to use it again.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.examples.chat.realtime;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
