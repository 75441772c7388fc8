// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One part of the in-memory store: a hash table whose entries also hang in a timing wheel, a list for each half second of the
 * future in which they expire. Taking unlinks an entry from both, so a redeemed ticket leaves nothing behind, and expiry
 * touches each entry once.
 *
 * <p>Thread-safe.
 */
final class InMemoryStripe {

    /** A tick is 2^29 ns, about 0.54 s. */
    private static final int TICK_BITS = 29;

    /** 1,024 ticks are 549 s, more than the longest time to live: no list ever holds two different ticks. */
    private static final int WHEEL_MASK = 1023;

    private final AtomicInteger outstanding;
    private final @Nullable Entry[] wheel = new @Nullable Entry[WHEEL_MASK + 1];
    private @Nullable Entry[] table = new @Nullable Entry[16];
    private int size;
    private long tick;

    InMemoryStripe(AtomicInteger outstanding) {
        this.outstanding = outstanding;
    }

    synchronized boolean put(Ticket ticket, TicketValue value, long now, long expiresAt) {
        forgetExpired(now);
        Entry there = find(ticket);
        if (there != null) {
            if (there.expiresAt > now) {
                return false;
            }
            remove(there);
        }
        if (size >= table.length) {
            grow();
        }
        var entry = new Entry(ticket, value, expiresAt);
        int bucket = bucket(ticket);
        entry.nextInBucket = table[bucket];
        table[bucket] = entry;
        int slot = slot(entry);
        Entry head = wheel[slot];
        entry.nextInSlot = head;
        if (head != null) {
            head.previousInSlot = entry;
        }
        wheel[slot] = entry;
        size++;
        return true;
    }

    synchronized @Nullable TicketValue take(Ticket ticket, long now) {
        forgetExpired(now);
        Entry entry = find(ticket);
        if (entry == null) {
            return null;
        }
        remove(entry);
        return entry.expiresAt > now ? entry.value : null;
    }

    synchronized void forgetExpired(long now) {
        long current = now >> TICK_BITS;
        long lists = Math.min(current - tick, wheel.length);
        for (long i = 0; i < lists; i++) {
            int slot = (int) (tick + i) & WHEEL_MASK;
            for (Entry entry = wheel[slot]; entry != null; entry = wheel[slot]) {
                remove(entry);
            }
        }
        tick = Math.max(tick, current);
    }

    private @Nullable Entry find(Ticket ticket) {
        Entry entry = table[bucket(ticket)];
        while (entry != null && !entry.ticket.equals(ticket)) {
            entry = entry.nextInBucket;
        }
        return entry;
    }

    private void remove(Entry entry) {
        int bucket = bucket(entry.ticket);
        Entry before = table[bucket];
        if (before == entry) {
            table[bucket] = entry.nextInBucket;
        } else {
            while (before != null && before.nextInBucket != entry) {
                before = before.nextInBucket;
            }
            if (before != null) {
                before.nextInBucket = entry.nextInBucket;
            }
        }
        Entry previous = entry.previousInSlot;
        Entry next = entry.nextInSlot;
        if (previous == null) {
            wheel[slot(entry)] = next;
        } else {
            previous.nextInSlot = next;
        }
        if (next != null) {
            next.previousInSlot = previous;
        }
        size--;
        outstanding.decrementAndGet();
    }

    private void grow() {
        @Nullable Entry[] old = table;
        table = new @Nullable Entry[old.length * 2];
        for (Entry entry : old) {
            while (entry != null) {
                Entry next = entry.nextInBucket;
                int bucket = bucket(entry.ticket);
                entry.nextInBucket = table[bucket];
                table[bucket] = entry;
                entry = next;
            }
        }
    }

    private int bucket(Ticket ticket) {
        return ticket.hashCode() & (table.length - 1);
    }

    private static int slot(Entry entry) {
        return (int) (entry.expiresAt >> TICK_BITS) & WHEEL_MASK;
    }

    private static final class Entry {

        private final Ticket ticket;
        private final TicketValue value;
        private final long expiresAt;
        private @Nullable Entry nextInBucket;
        private @Nullable Entry nextInSlot;
        private @Nullable Entry previousInSlot;

        private Entry(Ticket ticket, TicketValue value, long expiresAt) {
            this.ticket = ticket;
            this.value = value;
            this.expiresAt = expiresAt;
        }
    }
}
