// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

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
 * is still in the processor's cache, is the first to be used again. With a million
 * others outstanding, what a pair costs more is a miss or two of the processor's caches.
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
    private @Nullable Ticket[] tickets = new @Nullable Ticket[0];
    private @Nullable TicketValue[] values = new @Nullable TicketValue[0];

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
        int position = find(ticket);
        if (table[position] != 0) {
            if (expiresAt[place(position)] > now) {
                return false;
            }
            remove(position);
        }
        if (free == 0) {
            resize(size + size / 4);
        }
        add(ticket.hashCode(), ticket, value, now + timeToLive);
        return true;
    }

    synchronized @Nullable TicketValue take(Ticket ticket) {
        long now = clock.getAsLong();
        forgetExpired(now);
        int position = find(ticket);
        if (table[position] == 0) {
            return null;
        }
        int place = place(position);
        TicketValue value = expiresAt[place] > now ? values[place] : null;
        remove(position);
        return value;
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
        if (size < tickets.length / 4 && tickets.length > SMALLEST) {
            resize(Math.max(SMALLEST, size * 2));
        }
    }

    /** Where the ticket is in the table, or else the empty position that ends the search. */
    private int find(Ticket ticket) {
        int hash = ticket.hashCode();
        int position = home(hash);
        while (table[position] != 0 && !(hash(table[position]) == hash && ticket.equals(tickets[place(position)]))) {
            position = after(position);
        }
        return position;
    }

    private int positionOf(int number) {
        Ticket ticket = tickets[number - WHEEL];
        int position = ticket == null ? 0 : home(ticket.hashCode());
        while ((int) table[position] != number) {
            position = after(position);
        }
        return position;
    }

    private void add(int hash, @Nullable Ticket ticket, @Nullable TicketValue value, long expires) {
        int number = free;
        free = next[number];
        tickets[number - WHEEL] = ticket;
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
        tickets[number - WHEEL] = null;
        values[number - WHEEL] = null;
        size--;
        outstanding.decrementAndGet();
        // Moves up what a search would no longer reach across the gap (Knuth volume 3, 6.4, algorithm R).
        int gap = position;
        for (int i = after(gap); table[i] != 0; i = after(i)) {
            int fromHome = i - home(hash(table[i])) & table.length - 1;
            int fromGap = i - gap & table.length - 1;
            if (fromHome >= fromGap) {
                table[gap] = table[i];
                gap = i;
            }
        }
        table[gap] = 0;
    }

    private void resize(int places) {
        long[] oldTable = table;
        long[] oldExpiresAt = expiresAt;
        @Nullable Ticket[] oldTickets = tickets;
        @Nullable TicketValue[] oldValues = values;
        // A power of two, between three eighths and three quarters of which is used.
        table = new long[Integer.highestOneBit(places / 3 * 8 + 7)];
        expiresAt = new long[places];
        tickets = new @Nullable Ticket[places];
        values = new @Nullable TicketValue[places];
        next = new int[WHEEL + places];
        previous = new int[WHEEL + places];
        Arrays.setAll(next, i -> i < WHEEL ? i : i + 1 < next.length ? i + 1 : 0);
        Arrays.setAll(previous, i -> i);
        free = WHEEL;
        size = 0;
        for (long word : oldTable) {
            if (word != 0) {
                int place = (int) word - WHEEL;
                add(hash(word), oldTickets[place], oldValues[place], oldExpiresAt[place]);
            }
        }
    }

    private int place(int position) {
        return (int) table[position] - WHEEL;
    }

    private int home(int hash) {
        return hash & table.length - 1;
    }

    private int after(int position) {
        return position + 1 & table.length - 1;
    }

    private static int hash(long word) {
        return (int) (word >>> 32);
    }

    private static int ring(long tick) {
        return (int) tick & WHEEL - 1;
    }
}
