// SPDX-License-Identifier: Apache-2.0
/**
 * How fast and how small things are, beside what one would use without them.
 *
 * <p>{@link io.github.realtimeticket.benchmarks.RedisBesideBareLettuce}, {@link
 * io.github.realtimeticket.benchmarks.GateBesideBareGetdel}, {@link io.github.realtimeticket.benchmarks.GatesBesideNone} and {@link
 * io.github.realtimeticket.benchmarks.EndpointBesideBareSet} compare in {@link io.github.realtimeticket.fixtures.Turns}, and {@link io.github.realtimeticket.benchmarks.Plot} draws what they
 * print. {@link io.github.realtimeticket.benchmarks.IssueAndRedeem} and its neighbours are for JMH and stay in memory. {@link
 * io.github.realtimeticket.benchmarks.HeapOfATicket} measures the heap that an outstanding ticket holds.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.benchmarks;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
