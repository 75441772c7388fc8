// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where tickets are kept between issue and redemption.
 *
 * <p>An implementation keeps the whole contract, which {@code TicketStoreContract} of the testkit checks. It is thread-safe,
 * never blocks the calling thread on I/O, and reports every fault by completing the stage with a
 * {@link TicketStoreException} (T5); it never answers "nothing" because it could not know, and never falls back to another
 * store (T6).
 */
public interface TicketStore {

    /** The shortest life of a ticket that an issuer can be set to: 1 s. A store takes a shorter one, too. */
    Duration SHORTEST_TIME_TO_LIVE = Duration.ofSeconds(1);

    /** The longest life of a ticket: 300 s. */
    Duration LONGEST_TIME_TO_LIVE = Duration.ofMinutes(5);

    /**
     * Keeps a value for a ticket until it is taken or its time is over: one atomic step that never overwrites (T3).
     *
     * @param timeToLive more than zero, at most {@link #LONGEST_TIME_TO_LIVE}; precise to the millisecond
     * @throws IllegalArgumentException if the value needs more than {@value TicketValueCodec#MAXIMUM_BYTES} bytes as JSON, or by the
     *     stage
     * @return {@code true} if the value is now kept; {@code false} if the ticket was there already, whose value stays
     */
    CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive);

    /**
     * Returns and removes a ticket's value: one atomic step, so that among any number of callers in any number of processes at
     * most one receives it (T4). Unknown, expired and taken are all {@link Optional#empty()}.
     *
     * <p>A store that can tell in which history of its data a ticket was issued, and finds another one, fails with {@link
     * TicketStoreException#ofOtherHistory} (T15). When the stage fails, the value may or may not be gone. The caller lets nobody in and does not try the ticket again.
     */
    CompletionStage<Optional<TicketValue>> take(Ticket ticket);

    /**
     * This store, for gates that are to tell when a used ticket is presented again (T19); empty, as unless an implementation says otherwise,
     * if it leaves no trace of one.
     */
    default Optional<RememberingTicketStore> remembering() {
        return Optional.empty();
    }

    /**
     * What every store checks of a time to live before it keeps anything.
     *
     * @throws IllegalArgumentException if it is not more than zero, or more than {@link #LONGEST_TIME_TO_LIVE}
     */
    static void requireTimeToLive(Duration timeToLive) {
        if (timeToLive.isNegative() || timeToLive.isZero() || timeToLive.compareTo(LONGEST_TIME_TO_LIVE) > 0) {
            throw new IllegalArgumentException("timeToLive must be more than 0 and at most "
                    + LONGEST_TIME_TO_LIVE.toSeconds() + " s, not " + timeToLive);
        }
    }

    /** A store in this JVM's memory for up to {@value InMemoryTicketStore#DEFAULT_MAXIMUM} outstanding tickets. */
    static TicketStore inMemory() {
        return new InMemoryTicketStore();
    }
}
