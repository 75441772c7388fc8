// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** Stores as people write them by hand, each with one well-known mistake, and the contract run on each. */
final class BrokenStores {

    private BrokenStores() {}

    /** A contract test on one backend, whose clock the test moves. */
    abstract static class Contract extends TicketStoreContract {

        private final AtomicLong nanos = new AtomicLong();
        final TicketStore sound = new InMemoryTicketStore(InMemoryTicketStore.DEFAULT_MAXIMUM, nanos::get);

        long nanos() {
            return nanos.get();
        }

        @Override
        protected void pass(Duration time) {
            nanos.addAndGet(time.toNanos());
        }
    }

    /** Reads, then deletes without a look at how many rows that were: two who read before either deletes both get in. */
    static final class ChecksThenDeletes extends Contract {
        private final Map<Ticket, TicketValue> map = new ConcurrentHashMap<>();

        @Override
        protected TicketStore store() {
            return new TicketStore() {
                @Override
                public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
                    return CompletableFuture.completedFuture(map.putIfAbsent(ticket, value) == null);
                }

                @Override
                public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                    Optional<TicketValue> found = Optional.ofNullable(map.get(ticket));
                    if (found.isPresent()) {
                        // The way to a server and back, which on one machine would be too short to be seen.
                        LockSupport.parkNanos(1_000);
                        map.remove(ticket);
                    }
                    return CompletableFuture.completedFuture(found);
                }
            };
        }
    }

    /** Marks as used what it has found unused, and counts the row that was marked; it is one row however often that is done. */
    static final class MarksWithoutCondition extends Contract {
        private final Map<Ticket, Row> table = new ConcurrentHashMap<>();

        @Override
        protected TicketStore store() {
            return new TicketStore() {
                @Override
                public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
                    return CompletableFuture.completedFuture(table.putIfAbsent(ticket, new Row(value, false)) == null);
                }

                @Override
                public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                    Row found = table.get(ticket);
                    if (found == null || found.used()) {
                        return CompletableFuture.completedFuture(Optional.empty());
                    }
                    LockSupport.parkNanos(1_000);
                    int count = table.replace(ticket, new Row(found.value(), true)) == null ? 0 : 1;
                    return CompletableFuture.completedFuture(
                            count == 1 ? Optional.of(found.value()) : Optional.empty());
                }
            };
        }

        private record Row(TicketValue value, boolean used) {}
    }

    /** Knows which tickets are good, and hands out what was kept last: to racers or not, of two tickets it is the wrong one. */
    static final class MixesUp extends Contract {
        private final Set<Ticket> tickets = ConcurrentHashMap.newKeySet();
        private final Deque<TicketValue> values = new ConcurrentLinkedDeque<>();

        @Override
        protected TicketStore store() {
            return new TicketStore() {
                @Override
                public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
                    return CompletableFuture.completedFuture(tickets.add(ticket) && values.offerLast(value));
                }

                @Override
                public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                    return CompletableFuture.completedFuture(
                            tickets.remove(ticket) ? Optional.ofNullable(values.pollLast()) : Optional.empty());
                }
            };
        }
    }

    /** Loses one ticket in a thousand, as a cache that evicts does. */
    static final class Forgets extends Contract {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        protected TicketStore store() {
            return new Altered(sound) {
                @Override
                public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                    CompletionStage<Optional<TicketValue>> taken = super.take(ticket);
                    return taken.thenApply(value ->
                            value.isPresent() && count.incrementAndGet() % 1000 == 0 ? Optional.empty() : value);
                }
            };
        }
    }

    /** Keeps everything for ever: the value without its expiry. */
    static final class NeverExpires extends Contract {
        private final Map<Ticket, TicketValue> map = new ConcurrentHashMap<>();

        @Override
        protected TicketStore store() {
            return new TicketStore() {
                @Override
                public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
                    return CompletableFuture.completedFuture(map.putIfAbsent(ticket, value) == null);
                }

                @Override
                public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                    return CompletableFuture.completedFuture(Optional.ofNullable(map.remove(ticket)));
                }
            };
        }
    }

    /** Overwrites what is there. */
    static final class Overwrites extends Contract {
        @Override
        protected TicketStore store() {
            return new Altered(sound) {
                @Override
                public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
                    return sound.take(ticket).thenCompose(gone -> super.put(ticket, value, timeToLive));
                }
            };
        }
    }

    /** Keeps tickets for each process by itself. */
    static final class KeepsToItself extends Contract {
        @Override
        protected TicketStore store() {
            return new InMemoryTicketStore(InMemoryTicketStore.DEFAULT_MAXIMUM, this::nanos);
        }
    }

    /** Never takes anything away. */
    static final class HandsOutTwice extends Contract {
        @Override
        protected TicketStore store() {
            return new Altered(sound) {
                @Override
                public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                    return super.take(ticket)
                            .thenCompose(taken -> taken.isEmpty()
                                    ? CompletableFuture.completedFuture(taken)
                                    : put(ticket, taken.get(), Duration.ofSeconds(30))
                                            .thenApply(kept -> taken));
                }
            };
        }
    }

    /** Makes every id a string. */
    static final class TurnsIdsIntoStrings extends Contract {
        @Override
        protected TicketStore store() {
            return changing(
                    sound, holder -> new TicketHolder(holder.id().toString(), holder.username(), holder.attributes()));
        }
    }

    /** Writes names in an encoding that does not have all of Unicode. */
    static final class KnowsLatinOnly extends Contract {
        @Override
        protected TicketStore store() {
            return changing(
                    sound,
                    holder -> new TicketHolder(
                            holder.id(), holder.username().replaceAll("[^\\x00-\\xff]", "?"), holder.attributes()));
        }
    }

    /** Keeps nothing but the id and the name. */
    static final class DropsTheRest extends Contract {
        @Override
        protected TicketStore store() {
            return changing(sound, holder -> new TicketHolder(holder.id(), holder.username(), Map.of()));
        }
    }

    /** Ends its threads, and with them whatever somebody waits for. */
    static final class LeavesItsCallers extends Contract {
        @Override
        protected TicketStore store() {
            return new Closing(sound);
        }

        // It is to fail by waiting.
        @Override
        protected Duration patience() {
            return Duration.ofMillis(500);
        }

        private static final class Closing extends Altered implements AutoCloseable {
            private volatile boolean closed;

            private Closing(TicketStore sound) {
                super(sound);
            }

            @Override
            public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                return closed ? new CompletableFuture<>() : super.take(ticket);
            }

            @Override
            public void close() {
                closed = true;
            }
        }
    }

    private static TicketStore changing(TicketStore sound, UnaryOperator<TicketHolder> change) {
        return new Altered(sound) {
            @Override
            public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                return super.take(ticket)
                        .thenApply(taken -> taken.map(value ->
                                new TicketValue(change.apply(value.holder()), value.binding(), value.issuedAt())));
            }
        };
    }

    private static class Altered implements TicketStore {

        private final TicketStore sound;

        private Altered(TicketStore sound) {
            this.sound = sound;
        }

        @Override
        public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
            return sound.put(ticket, value, timeToLive);
        }

        @Override
        public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
            return sound.take(ticket);
        }
    }
}
