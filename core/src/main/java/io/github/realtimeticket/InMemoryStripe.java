// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One part of the in-memory store: numbered places for tickets, a hash table of their numbers, and a timing wheel, a ring of
 * numbers for each half second of the future in which tickets expire. Taking frees the place at once, so a redeemed ticket
 * leaves nothing behind, and expiry touches each ticket once.
 *
 * <p>Numbers instead of references: a garbage collector has no links to follow or to note down, and the place freed last, which
 * is still in the processor's cache, is the first to be used again. With a million others outstanding, what a pair costs more is a
 * miss or two of the processor's caches. Of a {@link Ticket} only the text is kept, as bytes: half of its heap.
 *
 * <p>Thread-safe.
 */
final class InMemoryStripe {

    /** A tick is 2^29 ns, about 0.54 s. */
    private static final int TICK_BITS = 29;

    /** 1,024 ticks are 549 s, more than the longest time to live: no ring ever holds two different ticks. */
    private static final int WHEEL = 1024;

    private static final int SMALLEST = 16;

    private final LongSupplier clock;
    private final AtomicInteger outstanding;

    /** The hash in the upper half, the place plus {@link #WHEEL} in the lower; 0 is empty. Open addressing, linear probing. */
    private long[] table = new long[0];

    /** The rings: the first {@link #WHEEL} numbers are their heads, the others are places. Free places are a list in next. */
    private int[] next = new int[0];

    private int[] previous = new int[0];
    private long[] expiresAt = new long[0];
    private byte[] @Nullable [] texts = new byte[0][];
    /** A {@link TicketValue}, or the {@link Presentation} of a used ticket. */
    private @Nullable Object[] values = new @Nullable Object[0];

    private int free;
    private int size;
    private long tick;

    InMemoryStripe(LongSupplier clock, AtomicInteger outstanding) {
        this.clock = clock;
        this.outstanding = outstanding;
        resize(SMALLEST);
    }

    synchronized boolean put(Ticket ticket, TicketValue value, long timeToLive) {
        // Read under the lock: a time from before would hang the ticket into a ring that has been swept already.
        long now = clock.getAsLong();
        forgetExpired(now);
        int position = find(ticket.ascii(), ticket.hashCode());
        if (table[position] != 0) {
            if (expiresAt[place(position)] > now) {
                return false;
            }
            remove(position);
        }
        if (free == 0) {
            resize(size + size / 8);
        }
        add(ticket.hashCode(), ticket.ascii(), value, now + timeToLive);
        return true;
    }

    synchronized @Nullable TicketValue take(Ticket ticket) {
        long now = clock.getAsLong();
        forgetExpired(now);
        int position = find(ticket.ascii(), ticket.hashCode());
        if (table[position] == 0) {
            return null;
        }
        int place = place(position);
        Object value = expiresAt[place] > now ? values[place] : null;
        remove(position);
        return value instanceof TicketValue unused ? unused : null;
    }

    synchronized RememberingTicketStore.Taken take(Ticket ticket, Presentation presentation) {
        long now = clock.getAsLong();
        forgetExpired(now);
        int position = find(ticket.ascii(), ticket.hashCode());
        if (table[position] == 0) {
            return RememberingTicketStore.Taken.NOTHING;
        }
        int place = place(position);
        if (expiresAt[place] <= now) {
            remove(position);
            return RememberingTicketStore.Taken.NOTHING;
        }
        Object value = values[place];
        values[place] = presentation;
        return value instanceof Presentation before
                ? new RememberingTicketStore.Taken(null, before)
                : new RememberingTicketStore.Taken((TicketValue) value, null);
    }

    synchronized void forgetExpired() {
        forgetExpired(clock.getAsLong());
    }

    private void forgetExpired(long now) {
        long current = now >> TICK_BITS;
        if (current <= tick) {
            return;
        }
        long rings = Math.min(current - tick, WHEEL);
        for (long i = 0; i < rings; i++) {
            int head = ring(tick + i);
            while (next[head] != head) {
                remove(positionOf(next[head]));
            }
        }
        tick = current;
        if (size < texts.length / 4 && texts.length > SMALLEST) {
            resize(Math.max(SMALLEST, size * 2));
        }
    }

    /** Where the ticket with this text is in the table, or else the empty position that ends the search. */
    private int find(byte[] text, int hash) {
        int position = home(hash);
        while (table[position] != 0
                && !(hash(table[position]) == hash && MessageDigest.isEqual(text, texts[place(position)]))) {
            position = after(position);
        }
        return position;
    }

    private int positionOf(int number) {
        // The hash of a ticket is that of its text.
        int position = home(Arrays.hashCode(texts[number - WHEEL]));
        while ((int) table[position] != number) {
            position = after(position);
        }
        return position;
    }

    private void add(int hash, byte @Nullable [] text, @Nullable Object value, long expires) {
        int number = free;
        free = next[number];
        texts[number - WHEEL] = text;
        values[number - WHEEL] = value;
        expiresAt[number - WHEEL] = expires;
        int position = home(hash);
        while (table[position] != 0) {
            position = after(position);
        }
        table[position] = (long) hash << 32 | number;
        int head = ring(expires >> TICK_BITS);
        next[number] = next[head];
        previous[number] = head;
        previous[next[head]] = number;
        next[head] = number;
        size++;
    }

    private void remove(int position) {
        int number = (int) table[position];
        next[previous[number]] = next[number];
        previous[next[number]] = previous[number];
        next[number] = free;
        free = number;
        texts[number - WHEEL] = null;
        values[number - WHEEL] = null;
        size--;
        outstanding.decrementAndGet();
        // Moves up what a search would no longer reach across the gap (Knuth volume 3, 6.4, algorithm R).
        int gap = position;
        for (int i = after(gap); table[i] != 0; i = after(i)) {
            if (distance(home(hash(table[i])), i) >= distance(gap, i)) {
                table[gap] = table[i];
                gap = i;
            }
        }
        table[gap] = 0;
    }

    private void resize(int places) {
        long[] oldTable = table;
        long[] oldExpiresAt = expiresAt;
        byte[] @Nullable [] oldTexts = texts;
        @Nullable Object[] oldValues = values;
        // At most three quarters of it are used.
        table = new long[places + places / 3 + 1];
        expiresAt = new long[places];
        texts = new byte[places][];
        values = new @Nullable Object[places];
        next = new int[WHEEL + places];
        previous = new int[WHEEL + places];
        Arrays.setAll(next, i -> i < WHEEL ? i : i + 1 < next.length ? i + 1 : 0);
        Arrays.setAll(previous, i -> i);
        free = WHEEL;
        size = 0;
        for (long word : oldTable) {
            if (word != 0) {
                int place = (int) word - WHEEL;
                add(hash(word), oldTexts[place], oldValues[place], oldExpiresAt[place]);
            }
        }
    }

    private int place(int position) {
        return (int) table[position] - WHEEL;
    }

    private int home(int hash) {
        // The upper bits: all tickets of this stripe have the lower ones in common.
        return (int) ((Integer.toUnsignedLong(Stripes.spread(hash)) * table.length) >>> 32);
    }

    private int after(int position) {
        return position + 1 == table.length ? 0 : position + 1;
    }

    private int distance(int from, int to) {
        return to >= from ? to - from : to - from + table.length;
    }

    private static int hash(long word) {
        return (int) (word >>> 32);
    }

    private static int ring(long tick) {
        return (int) tick & WHEEL - 1;
    }
}
