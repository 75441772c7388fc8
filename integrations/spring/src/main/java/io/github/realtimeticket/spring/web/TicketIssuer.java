// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import java.security.Principal;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Issues tickets to the users of servlet requests.
 *
 * <p>Thread-safe.
 */
public final class TicketIssuer {

    /** How long a request waits for a store that breaks its promise to answer in time; more than any store's own timeout. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Tickets tickets;
    private final TicketHolderMapper holders;

    /** An issuer of these tickets to whom the mapper names. */
    public TicketIssuer(Tickets tickets, TicketHolderMapper holders) {
        this.tickets = Objects.requireNonNull(tickets, "tickets");
        this.holders = Objects.requireNonNull(holders, "holders");
    }

    /** A ticket for this user and this origin, or nothing if there is no user or the user gets none. Doesn't block. */
    Optional<CompletableFuture<Ticket>> issue(@Nullable Principal user, @Nullable String origin) {
        Optional<TicketHolder> holder = user == null ? Optional.empty() : holders.holder(user);
        return holder.map(known -> tickets.issue(known, tickets.binding().withOrigin(origin))
                // A copy, so that the time limit is not put on the store's own future.
                .thenApply(Function.<Ticket>identity())
                .toCompletableFuture()
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }

    Duration expire() {
        return tickets.expire();
    }
}
