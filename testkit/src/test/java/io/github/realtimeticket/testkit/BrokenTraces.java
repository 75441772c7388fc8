// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.Presentation;
import io.github.realtimeticket.RememberingTicketStore;
import io.github.realtimeticket.RememberingTicketStore.Taken;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Stores that leave traces, each with one mistake, and the contract run on each. */
final class BrokenTraces {

    private BrokenTraces() {}

    /** A contract test on one backend, whose clock the test moves. */
    abstract static class Contract extends RememberingStoreContract {
        private final AtomicLong nanos = new AtomicLong();
        final TicketStore sound = new InMemoryTicketStore(InMemoryTicketStore.DEFAULT_MAXIMUM, nanos::get);
        final Map<Ticket, Presentation> traces = new ConcurrentHashMap<>();

        /** The traced take. */
        abstract Taken take(Ticket ticket, Presentation presentation);

        @Override
        protected TicketStore store() {
            return new TicketStore() {
                @Override
                public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
                    return sound.put(ticket, value, timeToLive);
                }

                @Override
                public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                    return sound.take(ticket);
                }

                @Override
                public Optional<RememberingTicketStore> remembering() {
                    return Optional.of((ticket, presentation) ->
                            CompletableFuture.completedFuture(Contract.this.take(ticket, presentation)));
                }
            };
        }

        @Override
        protected void pass(Duration time) {
            nanos.addAndGet(time.toNanos());
        }

        Taken soundly(Ticket ticket, Presentation presentation) {
            return sound.remembering()
                    .orElseThrow()
                    .take(ticket, presentation)
                    .toCompletableFuture()
                    .join();
        }
    }

    /** No mistake. */
    static final class Sound extends Contract {
        @Override
        Taken take(Ticket ticket, Presentation presentation) {
            return soundly(ticket, presentation);
        }
    }

    /** Takes the ticket, then notes it elsewhere: whoever comes between the two is not told, and the note never ends. */
    static final class NotesAfterwards extends Contract {
        @Override
        Taken take(Ticket ticket, Presentation presentation) {
            Optional<TicketValue> value =
                    sound.take(ticket).toCompletableFuture().join();
            if (value.isEmpty()) {
                Presentation before = traces.replace(ticket, presentation);
                return new Taken(null, before);
            }
            LockSupport.parkNanos(1_000);
            traces.put(ticket, presentation);
            return new Taken(value.get(), null);
        }
    }

    /** Notes whatever is presented, so that anybody fills it. */
    static final class NotesWhatIsUnknown extends Contract {
        @Override
        Taken take(Ticket ticket, Presentation presentation) {
            Taken taken = soundly(ticket, presentation);
            Presentation before = traces.put(ticket, presentation);
            return taken.value() == null ? new Taken(null, before) : taken;
        }
    }

    /** Leaves no trace. */
    static final class Forgets extends Contract {
        @Override
        Taken take(Ticket ticket, Presentation presentation) {
            return new Taken(sound.take(ticket).toCompletableFuture().join().orElse(null), null);
        }
    }
}
