// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import io.github.realtimeticket.Revocation.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What has been revoked, for as long as a ticket from before can be outstanding. Asking takes no lock.
 *
 * <p>Bounded: when there is too much, the oldest is forgotten, and with it every ticket that is as old as it: whoever comes with one of
 * these is refused, and comes back with a new one (T16).
 *
 * <p>Thread-safe.
 */
final class Revoked {

    /** The longest life of a ticket, and a minute for clocks and stores that are not exact. */
    static final Duration REMEMBERED = TicketStore.LONGEST_TIME_TO_LIVE.plusMinutes(1);

    static final int MAXIMUM = 200_000;

    /** No revocation has to do with it. */
    static final int NO_CODE = 0;

    private final int maximum;
    private final LongSupplier nanoTime;
    private final Map<Object, Entry> sessions = new ConcurrentHashMap<>();
    private final Map<Object, Entry> holders = new ConcurrentHashMap<>();
    private final Map<Object, Entry> tickets = new ConcurrentHashMap<>();

    /** One entry for each name, not always its last: what is refreshed is queued again when its turn comes. */
    private final Queue<Entry> oldest = new ArrayDeque<>();

    private volatile @Nullable Floor floor;

    private record Entry(Revocation revocation, Revision revision, long until) {}

    /** Below which revision it is not known any more what was revoked. */
    private record Floor(Revision revision, long until) {}

    Revoked(int maximum, LongSupplier nanoTime) {
        this.maximum = maximum;
        this.nanoTime = nanoTime;
    }

    synchronized void add(Revocation revocation, Revision revision) {
        Map<Object, Entry> named = named(revocation.kind());
        Entry known = named.get(revocation.id());
        if (known != null && known.revision().compareTo(revision) >= 0) {
            // Told again.
            return;
        }
        var entry = new Entry(revocation, revision, later());
        named.put(revocation.id(), entry);
        if (known == null) {
            oldest.add(entry);
        }
        forgetOld();
        while (oldest.size() > maximum) {
            Entry first = oldest.remove();
            Map<Object, Entry> others = named(first.revocation().kind());
            Entry last = others.get(first.revocation().id());
            if (last != null && !last.equals(first)) {
                // Revoked again since: not among the oldest.
                oldest.add(last);
            } else {
                others.remove(first.revocation().id());
                raise(first.revision());
            }
        }
    }

    /** Nothing is known of what was revoked up to here. */
    synchronized void raise(Revision revision) {
        Floor known = floor;
        Revision highest = known == null ? revision : Revision.max(known.revision(), revision);
        floor = new Floor(highest, later());
    }

    synchronized void forgetOld() {
        long now = nanoTime.getAsLong();
        while (!oldest.isEmpty() && oldest.peek().until() - now <= 0) {
            Revocation first = oldest.remove().revocation();
            Map<Object, Entry> named = named(first.kind());
            Entry last = named.get(first.id());
            if (last != null && last.until() - now > 0) {
                oldest.add(last);
            } else {
                named.remove(first.id());
            }
        }
        Floor known = floor;
        if (known != null && known.until() - now <= 0) {
            floor = null;
        }
    }

    synchronized int size() {
        return oldest.size();
    }

    /** What the connection of this ticket is to be closed with, and the ticket not admitted for; {@link #NO_CODE} if it may stay. */
    int code(Ticket ticket, TicketValue value) {
        TicketLogin login = value.login();
        int code = NO_CODE;
        if (login.session() != null) {
            code = code(sessions.get(login.session()));
        }
        Entry holder = holders.get(value.holder().id());
        if (holder != null && !login.knows(holder.revision())) {
            code = Math.max(code, code(holder));
        }
        if (!tickets.isEmpty()) {
            code = Math.max(code, code(tickets.get(ticket.sha256())));
        }
        Floor known = floor;
        return code == NO_CODE && known != null && isBelow(login, known.revision()) ? Revocation.UNAUTHORIZED : code;
    }

    /** Whether this ticket itself has been revoked. */
    boolean isRevoked(String sha256) {
        return tickets.containsKey(sha256);
    }

    /** Whether a revocation up to this one may have to do with it: whose issuer has said nothing of all this is left alone. */
    static boolean isBelow(TicketLogin login, Revision revision) {
        return (login.session() != null || login.revision() != null) && !login.knows(revision);
    }

    private long later() {
        return nanoTime.getAsLong() + REMEMBERED.toNanos();
    }

    private Map<Object, Entry> named(Kind kind) {
        return switch (kind) {
            case SESSION -> sessions;
            case HOLDER -> holders;
            case TICKET -> tickets;
        };
    }

    private static int code(@Nullable Entry entry) {
        return entry == null ? NO_CODE : entry.revocation().code();
    }
}
