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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Issues tickets and redeems them.
 *
 * <p>Thread-safe, and no method blocks. A stage completes on the store's thread, often an I/O thread: what is chained to it
 * must not block either.
 */
public final class Tickets {

    /** How long a ticket lives unless told otherwise. */
    public static final Duration DEFAULT_EXPIRE = Duration.ofSeconds(10);

    /** The shortest life that can be set. */
    public static final Duration SHORTEST_EXPIRE = Duration.ofSeconds(1);

    /** The longest life that can be set. */
    public static final Duration LONGEST_EXPIRE = Duration.ofMinutes(5);

    private static final Duration OLDEST = Duration.ofDays(1);

    private final TicketStore store;
    private final Duration expire;
    private final TicketBinding binding;
    private final InstantSource clock;
    private final SafeTicketListener listener;

    private Tickets(Builder builder) {
        store = builder.store;
        expire = builder.expire;
        binding = TicketBinding.none().withAudience(builder.audience);
        clock = builder.clock;
        listener = builder.listener;
    }

    /** Tickets in this store that live for {@link #DEFAULT_EXPIRE} and are bound to no audience. */
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
     * Issues a ticket bound to exactly this: the holder goes into the store, in one round trip, for {@link #expire()} (T3).
     *
     * <p>The stage fails with {@link IllegalArgumentException} if the holder needs more than
     * {@value TicketValueCodec#MAXIMUM_BYTES} bytes as JSON, and with {@link TicketStoreException} if the store could not keep
     * it; then there is no ticket.
     */
    public CompletionStage<Ticket> issue(TicketHolder holder, TicketBinding binding) {
        return issue(holder, binding, expire);
    }

    CompletionStage<Ticket> issue(TicketHolder holder, TicketBinding binding, Duration timeToLive) {
        Ticket ticket = Ticket.random();
        var value = new TicketValue(holder, binding, clock.instant());
        long start = nanoTime();
        try {
            TicketValueCodec.requireFits(value);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
        return attempt(() -> store.put(ticket, value, timeToLive)).handle((kept, fault) -> {
            if (fault != null || !TRUE.equals(kept)) {
                TicketStoreException failure = FALSE.equals(kept)
                        ? new TicketStoreException("The store had something for a new ticket already")
                        : failure("The store did not keep the ticket", fault);
                listener.failed(TicketListener.Operation.ISSUE, ticket, failure, since(start));
                throw new CompletionException(failure);
            }
            if (listener.watches()) {
                listener.issued(ticket, value, since(start));
            }
            return ticket;
        });
    }

    /**
     * Exchanges a ticket for its holder, in one round trip, at most once in the world (T4).
     *
     * <p>Unknown, expired and used tickets, and those bound to another {@link Builder#audience audience}, give
     * {@link Optional#empty()}. The stage fails with {@link TicketStoreException} if the store failed: let nobody in, and do
     * not try the same ticket again (T5).
     */
    public CompletionStage<Optional<TicketHolder>> redeem(Ticket ticket) {
        return redeem(ticket, bound -> audienceRefusal(binding.audience(), bound), List.of())
                .thenApply(admission ->
                        admission.fold(admitted -> Optional.of(admitted.holder()), refused -> Optional.empty()));
    }

    /** How long a ticket lives. */
    public Duration expire() {
        return expire;
    }

    /** What a ticket is bound to unless told otherwise: the audience of these tickets, or nothing. */
    public TicketBinding binding() {
        return binding;
    }

    /** As {@link #redeem(Ticket)}, with the refusals told apart; the check sees what the ticket was bound to. */
    CompletionStage<Admission> redeem(
            Ticket ticket, Function<TicketBinding, @Nullable Refusal> check, List<String> subprotocols) {
        long start = nanoTime();
        return attempt(() -> store.take(ticket)).handle((taken, fault) -> {
            if (fault != null || taken == null) {
                TicketStoreException failure = failure("The store did not say whose the ticket is", fault);
                listener.failed(TicketListener.Operation.REDEEM, ticket, failure, since(start));
                throw new CompletionException(failure);
            }
            if (taken.isEmpty()) {
                return refuse(Refusal.NOTHING, ticket);
            }
            TicketValue value = taken.get();
            Refusal refusal = check.apply(value.binding());
            if (refusal != null) {
                return refuse(refusal, ticket);
            }
            if (listener.watches()) {
                listener.redeemed(ticket, value.holder(), age(value), since(start));
            }
            return new Admission.Admitted(value.holder(), subprotocols);
        });
    }

    Admission refuse(Refusal reason, @Nullable Ticket ticket) {
        listener.refused(reason, ticket);
        return new Admission.Refused(reason);
    }

    // A ticket for a named audience is not for a gate without a name; a ticket for nobody in particular is for every
    // gate.
    static @Nullable Refusal audienceRefusal(@Nullable String audience, TicketBinding bound) {
        return bound.audience() == null || bound.audience().equals(audience) ? null : Refusal.WRONG_AUDIENCE;
    }

    private @Nullable Duration age(TicketValue value) {
        if (value.issuedAt() == null) {
            return null;
        }
        // Another issuer may have written any time, and the two clocks may differ.
        Duration age = Duration.between(value.issuedAt(), clock.instant());
        return age.isNegative() ? Duration.ZERO : age.compareTo(OLDEST) > 0 ? OLDEST : age;
    }

    private long nanoTime() {
        return listener.watches() ? System.nanoTime() : 0;
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static <T> CompletionStage<T> attempt(java.util.function.Supplier<CompletionStage<T>> operation) {
        try {
            return Objects.requireNonNull(operation.get(), "The store answered null");
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static TicketStoreException failure(String message, @Nullable Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return cause instanceof TicketStoreException failure ? failure : new TicketStoreException(message, cause);
    }

    /** The settings of {@link Tickets}. Not thread-safe. */
    public static final class Builder {

        private final TicketStore store;
        private Duration expire = DEFAULT_EXPIRE;
        private @Nullable String audience;
        private InstantSource clock = InstantSource.system();
        private SafeTicketListener listener = SafeTicketListener.NONE;

        private Builder(TicketStore store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /**
         * How long a ticket lives, 1 s to 300 s.
         *
         * @throws IllegalArgumentException if it is outside that
         */
        @CanIgnoreReturnValue
        public Builder expire(Duration expire) {
            if (expire.compareTo(SHORTEST_EXPIRE) < 0 || expire.compareTo(LONGEST_EXPIRE) > 0) {
                throw new IllegalArgumentException("expire must be " + SHORTEST_EXPIRE.toSeconds() + " s to "
                        + LONGEST_EXPIRE.toSeconds() + " s, not " + expire);
            }
            this.expire = expire;
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
            this.listener =
                    listener instanceof SafeTicketListener safe ? safe : SafeTicketListener.of(List.of(listener));
            return this;
        }

        /** Tickets with these settings. */
        public Tickets build() {
            return new Tickets(this);
        }
    }
}
