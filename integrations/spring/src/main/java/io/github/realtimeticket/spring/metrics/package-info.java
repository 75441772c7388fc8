// SPDX-License-Identifier: Apache-2.0
/**
 * What happens to tickets, in Micrometer's terms.
 *
 * <p>Give a {@link io.github.realtimeticket.spring.metrics.MicrometerTicketListener} to the tickets: it counts what is issued,
 * redeemed, refused and failed, and times the store and the age of tickets. No meter has a ticket, a fingerprint or a user in
 * its tags. A {@link io.github.realtimeticket.spring.metrics.MicrometerTicketTracing} makes each redemption an observation, and with
 * {@link io.github.realtimeticket.spring.metrics.TicketSpans} one trace runs from issue to redemption.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.spring.metrics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
