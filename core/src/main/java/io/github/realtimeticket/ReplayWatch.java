// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Takes tickets for a gate, and tells when one is presented again (T19). Thread-safe. */
final class ReplayWatch {

    private static final System.Logger LOG = System.getLogger(ReplayWatch.class.getName());

    private static final Executor AS_LONG_AS_IT_LEAVES_A_TRACE = CompletableFuture.delayedExecutor(
            TicketStore.LONGEST_TIME_TO_LIVE.toSeconds(), TimeUnit.SECONDS, Runnable::run);

    private final Tickets tickets;
    private final LiveConnections connections;
    private final Set<String> closing = ConcurrentHashMap.newKeySet();
    private final SparseLog alarms = new SparseLog(LOG, System.Logger.Level.WARNING);
    private final SparseLog faults = new SparseLog(LOG, System.Logger.Level.WARNING);

    ReplayWatch(Tickets tickets, LiveConnections connections) {
        this.tickets = tickets;
        this.connections = connections;
    }

    /** @param request what shows the ticket */
    CompletionStage<Optional<TicketValue>> take(Ticket ticket, ConnectionRequest request) {
        Presentation now = Presentation.of(tickets.clock().instant(), request);
        return tickets.take(ticket, now).thenApply(taken -> {
            if (taken.before() != null) {
                again(ticket, taken.before(), now);
            }
            return Optional.ofNullable(taken.value());
        });
    }

    private void again(Ticket ticket, Presentation before, Presentation now) {
        boolean retry = now.isSameHandshake(before);
        tickets.listener().on(new TicketEvent.PresentedAgain(ticket, before, now, retry));
        if (retry) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    () -> "A handshake was sent twice with the ticket " + ticket.fingerprint());
            return;
        }
        alarms.say(
                "A used ticket was presented again, so somebody else may have it: " + ticket.fingerprint() + ", at "
                        + before.at() + " and "
                        + Duration.between(before.at(), now.at()).toMillis() + " ms later, "
                        + (now.isOfSameOrigin(before) ? "from the same origin" : "from another origin"),
                null);
        if (tickets.replayAlarm() == ReplayAlarm.CLOSE) {
            close(ticket.sha256());
        }
    }

    // Once for a ticket, however often it is presented: else whoever has one could fill the feed.
    // On another thread, so that the client is answered as soon as for any other ticket.
    private void close(String sha256) {
        if (connections.isRevoked(sha256) || !closing.add(sha256)) {
            return;
        }
        CompletableFuture<?> unused = CompletableFuture.supplyAsync(() -> revoke(sha256))
                .thenCompose(revoking -> revoking)
                .whenComplete((done, fault) -> {
                    if (fault == null) {
                        AS_LONG_AS_IT_LEAVES_A_TRACE.execute(() -> closing.remove(sha256));
                    } else {
                        closing.remove(sha256);
                        faults.say(
                                "What a ticket that was presented twice has opened could not be closed: "
                                        + JsonValues.escape(String.valueOf(TicketStoreException.unwrap(fault))),
                                null);
                    }
                });
    }

    private CompletionStage<Void> revoke(String sha256) {
        return Objects.requireNonNull(tickets.revocations()).revoke(Revocation.ticket(sha256));
    }
}
