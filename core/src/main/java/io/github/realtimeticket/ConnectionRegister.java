// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Where open connections are found: by what a revocation names, and by their deadlines. Thread-safe. */
final class ConnectionRegister {

    private final boolean revocable;
    private final Set<LiveConnection> all = ConcurrentHashMap.newKeySet();
    private final Index sessions = new Index();
    private final Index holders = new Index();
    private final Index tickets = new Index();
    private final Index deadlines = new Index();

    private interface Step {
        void in(Index index, Object key, LiveConnection connection);
    }

    /** @param revocable whether they are to be found by a revocation */
    ConnectionRegister(boolean revocable) {
        this.revocable = revocable;
    }

    void add(LiveConnection connection) {
        all.add(connection);
        named(connection, Index::add);
        renewable(connection, Index::add);
    }

    void remove(LiveConnection connection) {
        all.remove(connection);
        named(connection, Index::remove);
        renewable(connection, Index::remove);
    }

    /** @param change of what it is found by; by what stays it is found all the time */
    void renew(LiveConnection connection, Runnable change) {
        long deadline = connection.deadline();
        List<Ticket> before = connection.renewals().toList();
        change.run();
        List<Ticket> now = connection.renewals().toList();
        renewed(connection, now.stream().filter(ticket -> !before.contains(ticket)), Index::add);
        renewed(connection, before.stream().filter(ticket -> !now.contains(ticket)), Index::remove);
        if (connection.deadline() != deadline) {
            due(connection, connection.deadline(), Index::add);
            due(connection, deadline, Index::remove);
        }
    }

    private void named(LiveConnection connection, Step step) {
        if (revocable) {
            String session = connection.session();
            if (session != null) {
                step.in(sessions, session, connection);
            }
            step.in(holders, connection.holder().id(), connection);
            step.in(tickets, connection.ticketStart(), connection);
        }
    }

    private void renewable(LiveConnection connection, Step step) {
        due(connection, connection.deadline(), step);
        renewed(connection, connection.renewals(), step);
    }

    private void due(LiveConnection connection, long deadline, Step step) {
        if (deadline != Endings.NEVER) {
            step.in(deadlines, deadline, connection);
        }
    }

    private void renewed(LiveConnection connection, Stream<Ticket> by, Step step) {
        if (revocable) {
            by.forEach(ticket -> step.in(tickets, start(ticket.sha256()), connection));
        }
    }

    /** What a connection is found by when this ticket is revoked; 0 if that never happens, since it takes its time. */
    long start(Ticket ticket) {
        return revocable ? start(ticket.sha256()) : 0;
    }

    /** Enough of a ticket's hash to find it by, in a fraction of the memory. */
    private static long start(String sha256) {
        return Long.parseUnsignedLong(sha256, 0, 16, 16);
    }

    List<LiveConnection> find(Revocation revocation, Revision revision) {
        return switch (revocation.kind()) {
            case SESSION -> sessions.find(revocation.id());
            // Whoever has come back since is left alone, also if the feed tells it again.
            case HOLDER ->
                holders.find(revocation.id()).stream()
                        .filter(connection -> !connection.login().knows(revision))
                        .toList();
            case TICKET ->
                tickets.find(start((String) revocation.id())).stream()
                        .filter(connection -> Stream.concat(Stream.of(connection.ticket()), connection.renewals())
                                .anyMatch(ticket -> ticket.sha256().equals(revocation.id())))
                        .toList();
        };
    }

    List<LiveConnection> findByDeadline(long tick) {
        return deadlines.find(tick);
    }

    int count() {
        return all.size();
    }

    Stream<LiveConnection> stream() {
        return all.stream();
    }

    /** How much is kept beside the connections, for a test to see that nothing is. */
    int indexed() {
        return Stream.of(sessions, holders, tickets, deadlines)
                .mapToInt(Index::size)
                .sum();
    }

    /** Connections by something that they may have in common. One that has it alone, as most have, needs no set. */
    private static final class Index {

        /** A {@link LiveConnection}, or {@link Several}. */
        private final Map<Object, Object> found = new ConcurrentHashMap<>();

        /** Touched in a step of the map only. */
        private static final class Several extends HashSet<LiveConnection> {
            private static final long serialVersionUID = 1;
        }

        void add(Object key, LiveConnection connection) {
            found.compute(key, (same, there) -> {
                if (there == null) {
                    return connection;
                }
                Several several = there instanceof Several known ? known : new Several();
                if (there instanceof LiveConnection alone) {
                    several.add(alone);
                }
                several.add(connection);
                return several;
            });
        }

        /** Does nothing if it is not there. */
        void remove(Object key, LiveConnection connection) {
            found.computeIfPresent(key, (same, there) -> {
                if (there instanceof Several several) {
                    several.remove(connection);
                    return several.isEmpty() ? null : several;
                }
                return there == connection ? null : there;
            });
        }

        List<LiveConnection> find(Object key) {
            List<LiveConnection> copy = new ArrayList<>(1);
            found.computeIfPresent(key, (same, there) -> {
                if (there instanceof Several several) {
                    copy.addAll(several);
                } else {
                    copy.add((LiveConnection) there);
                }
                return there;
            });
            return copy;
        }

        int size() {
            return found.size();
        }
    }
}
