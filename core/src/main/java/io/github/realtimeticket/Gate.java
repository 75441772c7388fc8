// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The place where a connection request is admitted or refused: finds the ticket, redeems it, and checks what it is bound to.
 *
 * <p>Thread-safe, and never blocks.
 *
 * <p><b>Security:</b> a gate fails closed. A request without a well-formed ticket is refused before the store is asked; a ticket
 * presented to the wrong audience or from another origin is burnt; and whatever else goes wrong is a refusal (T9, T11).
 */
public final class Gate {

    private static final System.Logger LOG = System.getLogger(Gate.class.getName());

    private final Tickets tickets;
    private final TicketCarrier carrier;
    private final @Nullable String audience;
    private final Set<String> allowedOrigins;

    private Gate(Builder builder) {
        tickets = builder.tickets;
        carrier = builder.carrier;
        audience = builder.audience;
        allowedOrigins = builder.allowedOrigins;
    }

    /** A gate for tickets in the query parameter {@code ticket}, of the audience that the tickets are set to. */
    public static Gate of(Tickets tickets) {
        return builder(tickets).build();
    }

    /** A gate with settings. */
    public static Builder builder(Tickets tickets) {
        return new Builder(tickets);
    }

    /**
     * Decides on a connection request. Call it once for a request: the ticket is used up by it.
     *
     * <p>The stage never fails: a fault is a {@link Refusal#FAILED}.
     */
    public CompletionStage<Admission> admit(ConnectionRequest request) {
        try {
            return decide(request).exceptionally(Gate::failed);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "A connection request was refused because of a fault", e);
            return CompletableFuture.completedFuture(new Admission.Refused(Refusal.FAILED));
        }
    }

    /** Where this gate looks for the ticket. */
    public TicketCarrier carrier() {
        return carrier;
    }

    private CompletionStage<Admission> decide(ConnectionRequest request) {
        List<String> found = carrier.find(request);
        if (found.size() != 1) {
            return refuse(found.isEmpty() ? Refusal.MISSING : Refusal.AMBIGUOUS);
        }
        Optional<Ticket> ticket = Ticket.parse(found.get(0));
        if (ticket.isEmpty()) {
            return refuse(Refusal.MALFORMED);
        }
        List<String> origins = request.headers("Origin");
        return tickets.redeem(ticket.get(), bound -> refusal(bound, origins), carrier.subprotocols(request));
    }

    private static Admission failed(Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        LOG.log(System.Logger.Level.WARNING, "A connection request was refused: " + cause);
        return new Admission.Refused(Refusal.FAILED);
    }

    private CompletionStage<Admission> refuse(Refusal reason) {
        return CompletableFuture.completedFuture(tickets.refuse(reason, null));
    }

    private @Nullable Refusal refusal(TicketBinding bound, List<String> origins) {
        for (String origin : origins) {
            boolean allowed = (bound.origin() == null || bound.origin().equals(origin))
                    && (allowedOrigins.isEmpty() || allowedOrigins.contains(origin));
            if (!allowed) {
                return Refusal.WRONG_ORIGIN;
            }
        }
        return Tickets.audienceRefusal(audience, bound);
    }

    /** The settings of a {@link Gate}. Not thread-safe. */
    public static final class Builder {

        private final Tickets tickets;
        private TicketCarrier carrier = TicketCarrier.query();
        private @Nullable String audience;
        private Set<String> allowedOrigins = Set.of();

        private Builder(Tickets tickets) {
            this.tickets = Objects.requireNonNull(tickets, "tickets");
            audience = tickets.binding().audience();
        }

        /** Where the ticket travels; the query parameter {@code ticket} unless told otherwise. */
        @CanIgnoreReturnValue
        public Builder carrier(TicketCarrier carrier) {
            this.carrier = Objects.requireNonNull(carrier, "carrier");
            return this;
        }

        /** The name of this backend or channel, for tickets that are bound to one; that of the tickets unless told otherwise. */
        @CanIgnoreReturnValue
        public Builder audience(@Nullable String audience) {
            this.audience = TicketBinding.none().withAudience(audience).audience();
            return this;
        }

        /**
         * The only origins whose pages may connect, beyond what the tickets are bound to; empty for any. A request without an
         * {@code Origin} is not refused for that.
         *
         * @throws IllegalArgumentException if one is not an origin such as {@code https://app.example}
         */
        @CanIgnoreReturnValue
        public Builder allowedOrigins(Collection<String> origins) {
            allowedOrigins = origins.stream().map(Names::requireOrigin).collect(Collectors.toUnmodifiableSet());
            return this;
        }

        /** A gate with these settings. */
        public Gate build() {
            return new Gate(this);
        }
    }
}
