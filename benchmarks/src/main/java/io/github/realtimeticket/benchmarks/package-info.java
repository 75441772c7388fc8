// SPDX-License-Identifier: Apache-2.0
/**
 * How fast and how small the in-memory store is.
 *
 * <p>{@link io.github.realtimeticket.benchmarks.IssueAndRedeem} issues a ticket and redeems it, over and over, while others are
 * outstanding; {@link io.github.realtimeticket.benchmarks.OneTimeTokens} does the same with Spring Security's in-memory service.
 * {@link io.github.realtimeticket.benchmarks.HeapOfATicket} measures the heap that an outstanding ticket holds.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.benchmarks;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
