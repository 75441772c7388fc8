// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static java.lang.Boolean.FALSE;
import static java.lang.Boolean.TRUE;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Issues tickets into a store, from which a {@link Gate} redeems them.
 *
 * <p>Thread-safe, and no method blocks. A stage completes on the store's thread, often an I/O thread: what is chained to it
 * must not block either.
 */
public final class Tickets {

    /** How long a ticket lives unless told otherwise. */
    public static final Duration DEFAULT_TIME_TO_LIVE = Duration.ofSeconds(10);

    private static final Duration OLDEST = Duration.ofDays(1);

    private final TicketStore store;
    private final Duration timeToLive;
    private final TicketBinding binding;
    private final InstantSource clock;
    private final SafeTicketListener listener;
    private final @Nullable Revocations revocations;
    private final ReplayAlarm replayAlarm;
    private final @Nullable RememberingTicketStore replayStore;
    private final @Nullable SafeTicketTracing tracing;

    private Tickets(Builder builder) {
        store = builder.store;
        timeToLive = builder.timeToLive;
        binding = TicketBinding.none().withAudience(builder.audience);
        clock = builder.clock;
        listener = builder.listener;
        revocations = builder.revocations;
        replayAlarm = builder.replayAlarm;
        replayStore = replayAlarm == ReplayAlarm.OFF ? null : builder.replayStore();
        tracing = builder.tracing == null ? null : new SafeTicketTracing(builder.tracing);
    }

    /** Tickets in this store that live for {@link #DEFAULT_TIME_TO_LIVE} and are bound to no audience. */
    public static Tickets of(TicketStore store) {
        return builder(store).build();
    }

    /** Tickets in this store, with settings. */
    public static Builder builder(TicketStore store) {
        return new Builder(store);
    }

    /** Issues a ticket bound to the {@link Builder#audience audience} of these tickets, if there is one, and to no origin. */
    public CompletionStage<Ticket> issue(TicketHolder holder) {
        return issue(holder, binding);
    }

    /**
     * Issues a ticket bound to exactly this: the holder goes into the store, in one round trip, for {@link #timeToLive()} (T3).
     *
     * <p>The stage fails with {@link IllegalArgumentException} if the holder needs more than
     * {@value TicketValueCodec#MAXIMUM_BYTES} bytes as JSON, and with {@link TicketStoreException} if the store could not keep
     * it; then there is no ticket.
     */
    public CompletionStage<Ticket> issue(TicketHolder holder, TicketBinding binding) {
        TicketLogin login = TicketLogin.of(null, null, revision());
        return issue(new TicketValue(holder, binding, clock.instant(), List.of(), login, null, trace()), timeToLive);
    }

    /**
     * Issues what an application has granted: bound to the grant's audience, else to that of these tickets, and to this origin of a
     * page if it is known, for as long as the grant says.
     *
     * <p>The stage fails as that of {@link #issue(TicketHolder, TicketBinding)} does, and with {@link IllegalArgumentException} if the
     * grant's life is longer than {@link #timeToLive()}.
     */
    public CompletionStage<Ticket> issue(TicketGrant.Granted grant, @Nullable String origin) {
        return issue(grant, origin, revision());
    }

    CompletionStage<Ticket> issue(TicketGrant.Granted grant, @Nullable String origin, @Nullable String revision) {
        Duration timeToLive = timeToLive(grant);
        if (timeToLive.compareTo(this.timeToLive) > 0) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("A grant's timeToLive must be at most that of the tickets, "
                            + this.timeToLive + ", not " + timeToLive));
        }
        TicketBinding bound =
                (grant.audience() == null ? binding : binding.withAudience(grant.audience())).withOrigin(origin);
        List<String> authorities = grant.authorities() == null ? List.of() : grant.authorities();
        TicketLogin login = TicketLogin.of(grant.session(), grant.until(), revision);
        return issue(
                new TicketValue(grant.holder(), bound, clock.instant(), authorities, login, null, trace()), timeToLive);
    }

    /** How long the ticket of this grant lives. */
    Duration timeToLive(TicketGrant.Granted grant) {
        return grant.timeToLive() == null ? timeToLive : grant.timeToLive();
    }

    private CompletionStage<Ticket> issue(TicketValue value, Duration timeToLive) {
        Ticket ticket = Ticket.random();
        long start = nanoTime();
        return Attempt.at("The store", () -> store.put(ticket, value, timeToLive))
                .handle((kept, fault) -> {
                    if (fault != null
                            && TicketStoreException.unwrap(fault) instanceof IllegalArgumentException mistake) {
                        throw new CompletionException(mistake);
                    }
                    if (!TRUE.equals(kept)) {
                        throw failed(
                                TicketEvent.Operation.ISSUE,
                                ticket,
                                fault,
                                FALSE.equals(kept)
                                        ? "The store had something for a new ticket already"
                                        : "The store did not keep the ticket",
                                start);
                    }
                    if (listener.watches()) {
                        listener.on(new TicketEvent.Issued(ticket, value, since(start)));
                    }
                    return ticket;
                });
    }

    /**
     * Takes a ticket's value out of the store, in one round trip, at most once in the world (T4), for a gate that then decides. The
     * stage fails with {@link TicketStoreException} if the store failed: let nobody in, and do not try the same ticket again (T5).
     */
    CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
        return take(ticket, () -> store.take(ticket));
    }

    /** As above, with a trace of this presentation (T19). */
    CompletionStage<RememberingTicketStore.Taken> take(Ticket ticket, Presentation presentation) {
        RememberingTicketStore traces = Objects.requireNonNull(replayStore);
        return take(ticket, () -> traces.take(ticket, presentation));
    }

    private <T> CompletionStage<T> take(Ticket ticket, Supplier<CompletionStage<T>> operation) {
        long start = nanoTime();
        return Attempt.at("The store", operation).handle((taken, fault) -> {
            if (taken == null) {
                String untold = "The store did not say whose the ticket is";
                throw failed(TicketEvent.Operation.REDEEM, ticket, fault, untold, start);
            }
            return taken;
        });
    }

    /** How long a ticket lives. */
    public Duration timeToLive() {
        return timeToLive;
    }

    /** What a ticket is bound to unless told otherwise: the audience of these tickets, or nothing. */
    public TicketBinding binding() {
        return binding;
    }

    @Nullable
    Revocations revocations() {
        return revocations;
    }

    /** The last revocation that is known now, which is asked for before the user is (T16). */
    @Nullable
    String revision() {
        return revocations == null ? null : revocations.revision();
    }

    ReplayAlarm replayAlarm() {
        return replayAlarm;
    }

    private @Nullable String trace() {
        return tracing == null ? null : tracing.current();
    }

    /** A redemption begins on this thread. */
    TicketTracing.Redemption redemption() {
        return tracing == null ? SafeTicketTracing.UNTRACED : tracing.redemption();
    }

    InstantSource clock() {
        return clock;
    }

    SafeTicketListener listener() {
        return listener;
    }

    @Nullable
    Duration age(TicketValue value) {
        if (value.issuedAt() == null) {
            return null;
        }
        // Another issuer may have written any time, and the two clocks may differ.
        Duration age = Duration.between(value.issuedAt(), clock.instant());
        return age.isNegative() ? Duration.ZERO : age.compareTo(OLDEST) > 0 ? OLDEST : age;
    }

    long nanoTime() {
        return listener.watches() ? System.nanoTime() : 0;
    }

    static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private CompletionException failed(
            TicketEvent.Operation operation, Ticket ticket, @Nullable Throwable fault, String message, long start) {
        Throwable cause = fault == null ? null : TicketStoreException.unwrap(fault);
        TicketStoreException failure =
                cause instanceof TicketStoreException known ? known : new TicketStoreException(message, cause);
        if (failure.refusal() == Refusal.FAILED) {
            listener.on(new TicketEvent.Failed(operation, ticket, failure, since(start)));
        }
        return new CompletionException(failure);
    }

    /** The settings of {@link Tickets}. Not thread-safe. */
    public static final class Builder {

        private final TicketStore store;
        private Duration timeToLive = DEFAULT_TIME_TO_LIVE;
        private @Nullable String audience;
        private InstantSource clock = InstantSource.system();
        private SafeTicketListener listener = SafeTicketListener.NONE;
        private @Nullable Revocations revocations;
        private ReplayAlarm replayAlarm = ReplayAlarm.OFF;
        private @Nullable TicketTracing tracing;

        private Builder(TicketStore store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /**
         * How long a ticket lives, 1 s to 300 s.
         *
         * @throws IllegalArgumentException if it is outside that
         */
        @CanIgnoreReturnValue
        public Builder timeToLive(Duration timeToLive) {
            if (timeToLive.compareTo(TicketStore.SHORTEST_TIME_TO_LIVE) < 0
                    || timeToLive.compareTo(TicketStore.LONGEST_TIME_TO_LIVE) > 0) {
                throw new IllegalArgumentException("timeToLive must be " + TicketStore.SHORTEST_TIME_TO_LIVE.toSeconds()
                        + " s to " + TicketStore.LONGEST_TIME_TO_LIVE.toSeconds() + " s, not " + timeToLive);
            }
            this.timeToLive = timeToLive;
            return this;
        }

        /** The backend that the tickets are for, when issuing; the backend this is, when redeeming (T9). */
        @CanIgnoreReturnValue
        public Builder audience(@Nullable String audience) {
            this.audience = TicketBinding.none().withAudience(audience).audience();
            return this;
        }

        /** The wall clock that stamps a ticket at issue and tells its age; it never decides whether a ticket is expired. */
        @CanIgnoreReturnValue
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /** Who watches; see {@link TicketListener#all} for several. */
        @CanIgnoreReturnValue
        public Builder listener(TicketListener listener) {
            this.listener = SafeTicketListener.of(listener);
            return this;
        }

        /**
         * What ends these tickets, and what they open, before their time (T16); nothing unless told otherwise. Tickets say up to which
         * revocation their issuer knew, and gates of these tickets listen.
         */
        @CanIgnoreReturnValue
        public Builder revocations(@Nullable Revocations revocations) {
            this.revocations = revocations;
            return this;
        }

        /** What gates of these tickets do when a used one is presented again (T19); {@link ReplayAlarm#OFF} unless told otherwise. */
        @CanIgnoreReturnValue
        public Builder replayAlarm(ReplayAlarm replayAlarm) {
            this.replayAlarm = Objects.requireNonNull(replayAlarm, "replayAlarm");
            return this;
        }

        /** What makes one trace of issue and redemption; nothing unless told otherwise, and then no ticket says anything of a trace. */
        @CanIgnoreReturnValue
        public Builder tracing(@Nullable TicketTracing tracing) {
            this.tracing = tracing;
            return this;
        }

        /**
         * Tickets with these settings.
         *
         * @throws IllegalArgumentException if there is a replay alarm, and a store that leaves no trace of used tickets; or one that closes,
         *     and no revocations
         */
        public Tickets build() {
            if (replayAlarm == ReplayAlarm.CLOSE && revocations == null) {
                throw new IllegalArgumentException(
                        "replayAlarm must be OFF or LOG without revocations, which are what closes a connection");
            }
            return new Tickets(this);
        }

        private RememberingTicketStore replayStore() {
            return store.remembering()
                    .orElseThrow(
                            () -> new IllegalArgumentException(
                                    "replayAlarm must be OFF with a store that leaves no trace of used tickets; those of this project leave one"));
        }
    }
}
