// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The place where a connection request is admitted or refused: finds the ticket, redeems it, and checks what it is bound to.
 * Whoever then opens a connection {@linkplain Admission.Admitted#opened says so}, and has it closed when the login has ended.
 *
 * <p>Thread-safe, and never blocks.
 *
 * <p><b>Security:</b> a gate fails closed. A request without a well-formed ticket is refused before the store is asked; a ticket
 * presented to the wrong audience or from another origin is burnt; and whatever else goes wrong is a refusal (T9, T11).
 */
public final class Gate {

    private static final System.Logger LOG = System.getLogger(Gate.class.getName());

    private static final Duration SHORTEST_AGE = Duration.ofSeconds(1);
    private static final Duration LONGEST_AGE = Duration.ofDays(36_500);

    /** What a message says beside its ticket. */
    private static final ConnectionRequest MESSAGE = ConnectionRequest.of(null, name -> List.of());

    private final Tickets tickets;
    private final TicketCarrier carrier;
    private final @Nullable String audience;
    private final Set<String> allowedOrigins;
    private final LiveConnections connections;
    private final @Nullable Duration maximumAge;
    private final @Nullable ReplayWatch replays;
    private final SparseLog storeFaults = new SparseLog(LOG, System.Logger.Level.WARNING);
    private final SparseLog otherFaults = new SparseLog(LOG, System.Logger.Level.WARNING);

    private Gate(Builder builder, LiveConnections connections) {
        tickets = builder.tickets;
        carrier = builder.carrier;
        audience = builder.audience;
        allowedOrigins = builder.allowedOrigins;
        maximumAge = builder.maximumAge;
        this.connections = connections;
        replays = tickets.replayAlarm() == ReplayAlarm.OFF ? null : new ReplayWatch(tickets, connections);
    }

    /** A gate for tickets of this store in the query parameter {@code ticket}, of no audience. */
    public static Gate of(TicketStore store) {
        return of(Tickets.of(store));
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
            return decide(request);
        } catch (Throwable e) {
            // An error and, from other languages, a checked exception too.
            return CompletableFuture.completedFuture(failed(e, null));
        }
    }

    /**
     * Decides on a ticket that came in another way than with a connection request, such as in the first message of a connection:
     * redeems it, in one round trip, at most once in the world (T4). No origin is checked, since none is told.
     *
     * <p>The stage never fails: a fault is a {@link Refusal#FAILED}.
     */
    public CompletionStage<Admission> admit(Ticket ticket) {
        return redeem(ticket, MESSAGE);
    }

    /** Refuses a request for a reason that its framework has found, and uses up no ticket. It is logged and counted as any other. */
    @CanIgnoreReturnValue
    public Admission.Refused refuse(Refusal reason) {
        return refuse(reason, null, false);
    }

    /** Decides on a ticket that is to renew a connection: {@link LiveConnection#renew}. */
    CompletionStage<Admission> renew(
            LiveConnection connection, String text, int number, Predicate<? super Admission.Admitted> allowed) {
        Refusal closed = connection.refusal();
        if (closed != null) {
            return refused(closed);
        }
        Optional<Ticket> ticket = Ticket.parse(text);
        if (ticket.isEmpty()) {
            return refused(Refusal.MALFORMED);
        }
        var renewing = new Renewing(connection, ticket.get(), number, allowed);
        return redeem(ticket.get(), MESSAGE, (value, until) -> renewing.decide(this, value, until));
    }

    /** Where this gate looks for the ticket. */
    public TicketCarrier carrier() {
        return carrier;
    }

    /** The same gate for requests in which the ticket travels elsewhere, such as in a frame of STOMP. */
    public Gate withCarrier(TicketCarrier carrier) {
        Builder same = builder(tickets).carrier(carrier).audience(audience).maximumAge(maximumAge);
        same.allowedOrigins = allowedOrigins;
        return same.connections(connections).build();
    }

    /** What tickets have opened here and has not ended, as far as it was {@linkplain Admission.Admitted#opened told}. */
    public LiveConnections connections() {
        return connections;
    }

    private CompletionStage<Admission> decide(ConnectionRequest request) {
        // A CORS preflight opens no connection, and no page can give another request this header (Fetch Standard).
        if (!request.headers("Access-Control-Request-Method").isEmpty()) {
            return refused(Refusal.WRONG_ORIGIN);
        }
        Refusal known = Handshake.isWhole(request) ? request.refusal() : Refusal.UNSUITABLE;
        if (known != null) {
            return refused(known);
        }
        List<String> found = carrier.find(request);
        if (found.size() != 1) {
            return refused(found.isEmpty() ? Refusal.MISSING : Refusal.AMBIGUOUS);
        }
        Optional<Ticket> ticket = Ticket.parse(found.get(0));
        if (ticket.isEmpty()) {
            return refused(Refusal.MALFORMED);
        }
        return redeem(ticket.get(), request);
    }

    private CompletionStage<Admission> redeem(Ticket ticket, ConnectionRequest request) {
        // Before the ticket is used up: an adapter may fail.
        List<String> origins = request.headers("Origin");
        List<String> subprotocols = carrier.subprotocols(request);
        return redeem(ticket, request, (value, until) -> {
            Refusal wrong = wrong(value.binding(), origins);
            return wrong == null
                    ? new Admission.Admitted(ticket, value, subprotocols, this, until)
                    : new Admission.Refused(wrong);
        });
    }

    /**
     * @param request what shows the ticket
     * @param use what comes of a good ticket, with its deadline; it is burnt if that is a refusal
     */
    private CompletionStage<Admission> redeem(
            Ticket ticket, ConnectionRequest request, BiFunction<TicketValue, @Nullable Instant, Admission> use) {
        long start = tickets.nanoTime();
        TicketTracing.Redemption traced = tickets.redemption();
        CompletionStage<Optional<TicketValue>> asked =
                replays == null ? tickets.take(ticket) : replays.take(ticket, request);
        CompletionStage<Admission> decided = asked.handle((taken, fault) -> {
            Duration took = Tickets.since(start);
            if (fault != null) {
                Admission.Refused refused = failed(fault, ticket);
                traced.ended(null, refused.reason());
                return refused;
            }
            Admission admission = taken.map(value -> outcome(ticket, value, use))
                    .orElseGet(() -> new Admission.Refused(Refusal.NOTHING));
            traced.ended(
                    taken.map(TicketValue::trace).orElse(null),
                    admission instanceof Admission.Refused refused ? refused.reason() : null);
            return admission.fold(
                    admitted -> redeemed(admitted, ticket, taken.get(), took),
                    refused -> refuse(refused.reason(), ticket, taken.isPresent()));
        });
        // Whoever cancels the stage, since its client has left, does not keep the outcome from listener and log.
        return decided.thenApply(Function.identity());
    }

    private Admission outcome(
            Ticket ticket, TicketValue value, BiFunction<TicketValue, @Nullable Instant, Admission> use) {
        Refusal revoked = connections.refusal(ticket, value);
        if (revoked != null) {
            return new Admission.Refused(revoked);
        }
        Instant now = tickets.clock().instant();
        Instant until = value.login().until();
        if (until != null && !until.isAfter(now)) {
            return new Admission.Refused(Refusal.OVERDUE);
        }
        Instant latest = maximumAge == null ? null : now.plus(maximumAge);
        return use.apply(value, latest == null || (until != null && until.isBefore(latest)) ? until : latest);
    }

    private Admission redeemed(Admission.Admitted admitted, Ticket ticket, TicketValue value, Duration took) {
        if (tickets.listener().watches()) {
            tickets.listener().on(new TicketEvent.Redeemed(ticket, value.holder(), tickets.age(value), took));
            admitted.connection().ifPresent(renewed -> tickets.listener().on(new TicketEvent.Renewed(renewed, ticket)));
        }
        return admitted;
    }

    private Admission.Refused failed(Throwable fault, @Nullable Ticket ticket) {
        Throwable cause = TicketStoreException.unwrap(fault);
        String text = "A connection request was refused: " + JsonValues.escape(String.valueOf(cause));
        if (!(cause instanceof TicketStoreException known)) {
            // Without its trace, whose message may show the request.
            otherFaults.say(text, null);
            return refuse(Refusal.FAILED, ticket, false);
        }
        storeFaults.say(text, null);
        // That the store failed has been told where it did. A ticket of another history is burnt.
        return known.refusal() == Refusal.FAILED
                ? new Admission.Refused(Refusal.FAILED)
                : refuse(known.refusal(), ticket, true);
    }

    private CompletionStage<Admission> refused(Refusal reason) {
        return CompletableFuture.completedFuture(refuse(reason));
    }

    /** Refuses, and tells log and listener so. */
    @CanIgnoreReturnValue
    Admission.Refused refuse(Refusal reason, @Nullable Ticket ticket, boolean burnt) {
        LOG.log(
                System.Logger.Level.DEBUG,
                () -> "A connection request is refused with " + reason.status() + ": " + reason
                        + (ticket == null ? "" : " for the ticket " + ticket.fingerprint()));
        tickets.listener().on(new TicketEvent.Refused(reason, ticket, burnt));
        return new Admission.Refused(reason);
    }

    private @Nullable Refusal wrong(TicketBinding bound, List<String> origins) {
        for (String origin : origins) {
            boolean allowed = (bound.origin() == null || bound.origin().equals(origin))
                    && (allowedOrigins.isEmpty() || allowedOrigins.contains(origin));
            if (!allowed) {
                return Refusal.WRONG_ORIGIN;
            }
        }
        // A ticket for a named audience is not for a gate without a name; one for nobody in particular is for every
        // gate.
        return bound.audience() == null || bound.audience().equals(audience) ? null : Refusal.WRONG_AUDIENCE;
    }

    /** The settings of a {@link Gate}. Not thread-safe. */
    public static final class Builder {

        private final Tickets tickets;
        private TicketCarrier carrier = TicketCarrier.query();
        private @Nullable String audience;
        private Set<String> allowedOrigins = Set.of();
        private @Nullable LiveConnections connections;
        private @Nullable Duration maximumAge;

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
            allowedOrigins = Origin.texts(origins);
            return this;
        }

        /**
         * Where connections are registered, for several gates that share it. Unless told otherwise a gate has its own, which ends with what
         * is revoked by the {@link Tickets.Builder#revocations revocations} of its tickets, as those that are shared must.
         */
        @CanIgnoreReturnValue
        public Builder connections(LiveConnections connections) {
            this.connections = Objects.requireNonNull(connections, "connections");
            return this;
        }

        /**
         * How long a connection may last, if its ticket does not say less (T17); {@code null}, as unless told otherwise, for any time.
         *
         * @throws IllegalArgumentException if it is not at least 1 s
         */
        @CanIgnoreReturnValue
        public Builder maximumAge(@Nullable Duration maximumAge) {
            if (maximumAge != null && maximumAge.compareTo(SHORTEST_AGE) < 0) {
                throw new IllegalArgumentException(
                        "maximumAge must be at least " + SHORTEST_AGE.toSeconds() + " s, not " + maximumAge);
            }
            // Far enough, and no overflow.
            this.maximumAge = maximumAge == null || maximumAge.compareTo(LONGEST_AGE) > 0 ? null : maximumAge;
            return this;
        }

        /**
         * A gate with these settings.
         *
         * @throws IllegalArgumentException if its {@link #connections connections} would not end with what is revoked by the revocations
         *     of its tickets
         */
        public Gate build() {
            if (connections != null && !connections.follow(tickets.revocations())) {
                throw new IllegalArgumentException(
                        "connections must have the same revocations as the tickets, or revoked tickets would be admitted");
            }
            LiveConnections known = connections != null
                    ? connections
                    : LiveConnections.builder()
                            .revocations(tickets.revocations())
                            .listener(tickets.listener())
                            .clock(tickets.clock())
                            .build();
            return new Gate(this, known);
        }
    }
}
