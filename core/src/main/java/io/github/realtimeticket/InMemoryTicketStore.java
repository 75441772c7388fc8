// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * A store for one JVM. Its tickets are redeemed in this process only and are gone when it ends.
 *
 * <p>Putting and taking take the same few steps however many tickets are outstanding, hold a lock that few other threads want for a
 * moment, and complete on the calling thread. An expired ticket is never handed out, and its memory is given back within two
 * seconds. When the maximum is outstanding, {@link #put} fails and the tickets that are there stay redeemable.
 *
 * <p>Thread-safe. Time is measured with a monotonic clock, so that setting the machine's clock neither kills nor revives a
 * ticket. There is nothing to close: the housekeeping ends when the store is no longer referenced.
 */
public final class InMemoryTicketStore implements TicketStore {

    /** How many tickets may be outstanding unless told otherwise. */
    public static final int DEFAULT_MAXIMUM = 100_000;

    private final int maximum;
    private final AtomicInteger outstanding = new AtomicInteger();
    private final InMemoryStripe[] stripes;

    /** A store for {@value #DEFAULT_MAXIMUM} outstanding tickets on the system's monotonic clock. */
    public InMemoryTicketStore() {
        this(DEFAULT_MAXIMUM, System::nanoTime);
    }

    /**
     * A store with its own limit and clock.
     *
     * @param maximum how many tickets may be outstanding, at least 1
     * @param nanoTime a monotonic clock in nanoseconds, such as {@link System#nanoTime()}, or one that a test moves
     */
    public InMemoryTicketStore(int maximum, LongSupplier nanoTime) {
        if (maximum < 1) {
            throw new IllegalArgumentException("maximum must be at least 1, not " + maximum);
        }
        this.maximum = maximum;
        long start = nanoTime.getAsLong();
        LongSupplier sinceStart = () -> nanoTime.getAsLong() - start;
        stripes = new InMemoryStripe[Stripes.count(64)];
        Arrays.setAll(stripes, i -> new InMemoryStripe(sinceStart, outstanding));
        Housekeeping.of(this, InMemoryTicketStore::forgetExpired, () -> {});
    }

    @Override
    public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
        TicketStore.requireTimeToLive(timeToLive);
        TicketValueCodec.requireFits(value);
        if (outstanding.incrementAndGet() > maximum) {
            outstanding.decrementAndGet();
            return CompletableFuture.failedFuture(
                    new TicketStoreException("The store is full: " + maximum + " tickets are outstanding"));
        }
        boolean kept = stripe(ticket).put(ticket, value, timeToLive.toNanos());
        if (!kept) {
            outstanding.decrementAndGet();
        }
        return CompletableFuture.completedFuture(kept);
    }

    @Override
    public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
        return CompletableFuture.completedFuture(
                Optional.ofNullable(stripe(ticket).take(ticket)));
    }

    /** With traces of used tickets, which count as outstanding until the tickets' time is over (T19). */
    @Override
    public Optional<RememberingTicketStore> remembering() {
        return Optional.of((ticket, presentation) ->
                CompletableFuture.completedFuture(stripe(ticket).take(ticket, presentation)));
    }

    /** How many tickets are kept now, expired ones of the last two seconds included. */
    public int outstanding() {
        return outstanding.get();
    }

    private InMemoryStripe stripe(Ticket ticket) {
        return stripes[Stripes.spread(ticket.hashCode()) & (stripes.length - 1)];
    }

    /** Forgets what expired in stripes that nobody has touched since. */
    private void forgetExpired() {
        for (InMemoryStripe stripe : stripes) {
            stripe.forgetExpired();
        }
    }
}
