// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many tickets each holder gets: so many at once, and so many a second after that (T18). A token bucket for each holder, as the
 * one time at which it will be full again (the generic cell rate algorithm, ITU-T I.371).
 *
 * <p>Thread-safe. Knows the last {@value #HOLDERS} holders; one who is forgotten begins with a full bucket.
 */
final class IssueLimit {

    static final int HOLDERS = 1 << 16;

    private final long interval;
    private final long tolerance;
    private final LongSupplier nanoTime;
    private final Map<Object, Long>[] stripes;

    /** So many at once, and so many a second after that; {@link IllegalArgumentException} for what the arithmetic cannot bear. */
    record Rate(int burst, double perSecond) {
        Rate {
            if (burst < 1 || burst > 1_000_000) {
                throw new IllegalArgumentException("The burst of the limit must be 1 to 1000000 tickets, not " + burst);
            }
            if (!(perSecond >= 0.001 && perSecond <= 1_000_000)) {
                throw new IllegalArgumentException(
                        "The rate of the limit must be 0.001 to 1000000 tickets a second, such as 2, not " + perSecond);
            }
        }
    }

    /** Full buckets, of which each is emptied by {@link #take}, in the time of this clock. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    IssueLimit(Rate rate, LongSupplier nanoTime) {
        this.interval = (long) (1e9 / rate.perSecond());
        this.tolerance = interval * (rate.burst() - 1L);
        this.nanoTime = nanoTime;
        stripes = new Map[Stripes.count(16)];
        Arrays.setAll(stripes, i -> new Recent(HOLDERS / stripes.length));
    }

    /** Counts a ticket for this holder, or says how long to wait for the next one; zero if there is nothing to wait for. */
    Duration take(Object holder) {
        Map<Object, Long> stripe = stripes[Stripes.spread(holder.hashCode()) & (stripes.length - 1)];
        synchronized (stripe) {
            long now = nanoTime.getAsLong();
            Long known = stripe.get(holder);
            long full = known == null || known - now < 0 ? now : known;
            long wait = full - now - tolerance;
            if (wait > 0) {
                return Duration.ofNanos(wait);
            }
            stripe.put(holder, full + interval);
            return Duration.ZERO;
        }
    }

    /** Forgets whoever has asked for nothing for the longest time. */
    private static final class Recent extends LinkedHashMap<Object, Long> {

        private static final long serialVersionUID = 1L;

        private final int maximum;

        Recent(int maximum) {
            super(16, 0.75f, true);
            this.maximum = maximum;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Long> eldest) {
            return size() > maximum;
        }
    }
}
