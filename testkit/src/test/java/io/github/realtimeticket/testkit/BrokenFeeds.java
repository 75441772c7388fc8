// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListener;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.testkit.BareFeed.Entry;
import io.github.realtimeticket.testkit.BareFeed.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Feeds of revocations, each with one mistake, and the contract run on each. */
final class BrokenFeeds {

    private BrokenFeeds() {}

    /** The contract, whose processes are made by this. */
    abstract static class Contract extends RemoteRevocationsContract {

        private final Function<Server, BareFeed> feeds;
        private Server server = new Server();

        Contract(Function<Server, BareFeed> feeds) {
            this.feeds = feeds;
        }

        @BeforeEach
        void empty() throws Exception {
            end();
            server = new Server();
            begin();
        }

        @Override
        protected Side process() {
            return feeds.apply(server);
        }

        @Override
        protected Duration patience() {
            return Duration.ofMillis(500);
        }

        @Override
        protected void cut(Side process) {
            ((BareFeed) process).cut(true);
        }

        @Override
        protected void restore(Side process) {
            ((BareFeed) process).cut(false);
        }
    }

    /** The contract with all its patience, since these pass, or do not fail by waiting. */
    abstract static class Patient extends Contract {

        Patient(Function<Server, BareFeed> feeds) {
            super(feeds);
        }

        @Override
        protected Duration patience() {
            return Duration.ofSeconds(15);
        }
    }

    static final class Sound extends Patient {
        Sound() {
            super(BareFeed::new);
        }
    }

    /** Like a subscription without a memory: whoever comes later, or was away, has missed it. */
    static final class ForgetsWhatWasBefore extends Contract {
        ForgetsWhatWasBefore() {
            super(server -> new BareFeed(server) {
                @Override
                List<Entry> before(int read) {
                    return List.of();
                }
            });
        }
    }

    static final class SaysDoneWhileAway extends Contract {
        SaysDoneWhileAway() {
            super(server -> new BareFeed(server) {
                @Override
                public CompletionStage<Void> revoke(Revocation revocation) {
                    return super.revoke(revocation).exceptionally(fault -> null);
                }
            });
        }
    }

    static final class ForgetsWhileAway extends Contract {
        ForgetsWhileAway() {
            super(server -> new BareFeed(server) {
                @Override
                void back() {
                    skipAll();
                }
            });
        }
    }

    /** Polls: what is revoked arrives some time after the revoking was complete, and until then nobody is told that it is behind. */
    private static class Polling extends BareFeed {

        final List<Entry> unread = new ArrayList<>();

        Polling(Server server) {
            super(server);
        }

        boolean readsLater() {
            return true;
        }

        @Override
        void arrive(Entry entry) {
            if (!readsLater()) {
                super.arrive(entry);
                return;
            }
            unread.add(entry);
            CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS).execute(() -> {
                synchronized (server) {
                    if (unread.remove(entry)) {
                        super.arrive(entry);
                    }
                }
            });
        }
    }

    static final class TellsLate extends Patient {
        TellsLate() {
            super(Polling::new);
        }
    }

    /** When it is asked whether it is current, it goes to the end, so that it is. */
    static final class SkipsToBeCurrent extends Contract {
        SkipsToBeCurrent() {
            super(server -> new Polling(server) {
                @Override
                public boolean isCurrent() {
                    synchronized (server) {
                        unread.clear();
                        return super.isCurrent();
                    }
                }
            });
        }
    }

    /** Tells what it revokes itself at once, before what others have revoked already. */
    static final class TellsItsOwnFirst extends Contract {
        TellsItsOwnFirst() {
            super(server -> new Polling(server) {
                private boolean own;

                @Override
                public CompletionStage<Void> revoke(Revocation revocation) {
                    synchronized (server) {
                        own = true;
                        CompletionStage<Void> revoking = super.revoke(revocation);
                        own = false;
                        return revoking;
                    }
                }

                @Override
                boolean readsLater() {
                    return !own;
                }
            });
        }
    }

    /** Does not finish what it tells before it tells what a listener revokes meanwhile. */
    static final class TellsWhileItTells extends Patient {
        TellsWhileItTells() {
            super(server -> new BareFeed(server) {
                @Override
                boolean isReading() {
                    return false;
                }
            });
        }
    }

    /** Its issuers take a revoked session that has another ticket for a new one. */
    static final class ForgivesSessions extends Patient {
        ForgivesSessions() {
            super(server -> new BareFeed(server) {
                @Override
                public TicketStore store() {
                    return new TicketStore() {
                        @Override
                        public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
                            return server.store.put(ticket, isRevoked(value) ? bare(value) : value, timeToLive);
                        }

                        @Override
                        public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                            return server.store.take(ticket);
                        }
                    };
                }

                private boolean isRevoked(TicketValue value) {
                    synchronized (server) {
                        return server.entries.stream().anyMatch(entry -> entry.revocation()
                                .id()
                                .equals(value.login().session()));
                    }
                }

                private TicketValue bare(TicketValue value) {
                    return new TicketValue(value.holder(), value.binding(), value.issuedAt());
                }
            });
        }
    }

    static final class NeverSaysThatItIsBehind extends Contract {
        NeverSaysThatItIsBehind() {
            super(server -> new BareFeed(server) {
                @Override
                public boolean isCurrent() {
                    return true;
                }
            });
        }
    }

    static final class SwapsNeighbours extends Contract {
        SwapsNeighbours() {
            super(server -> new BareFeed(server) {
                private final List<Entry> held = new ArrayList<>();

                @Override
                void arrive(Entry entry) {
                    held.add(0, entry);
                    if (held.size() == 2) {
                        held.forEach(super::arrive);
                        held.clear();
                    }
                }
            });
        }
    }

    static final class TellsTwice extends Contract {
        TellsTwice() {
            super(server -> new BareFeed(server) {
                @Override
                void arrive(Entry entry) {
                    super.arrive(entry);
                    super.arrive(entry);
                }
            });
        }
    }

    static final class KeepsToItself extends Contract {
        KeepsToItself() {
            super(server -> new BareFeed(new Server()) {
                @Override
                public TicketStore store() {
                    return server.store;
                }
            });
        }
    }

    static final class TurnsIdsIntoStrings extends Contract {
        TurnsIdsIntoStrings() {
            super(server -> new BareFeed(server) {
                @Override
                Entry written(Entry entry) {
                    Revocation revocation = entry.revocation();
                    return new Entry(
                            new Revocation(revocation.kind(), revocation.id().toString(), revocation.code()),
                            entry.revision());
                }
            });
        }
    }

    static final class DropsTheCode extends Contract {
        DropsTheCode() {
            super(server -> new BareFeed(server) {
                @Override
                Entry written(Entry entry) {
                    Revocation revocation = entry.revocation();
                    return new Entry(
                            new Revocation(revocation.kind(), revocation.id(), Revocation.UNAUTHORIZED),
                            entry.revision());
                }
            });
        }
    }

    static final class StopsAtAFault extends Contract {
        StopsAtAFault() {
            super(server -> new BareFeed(server) {
                @Override
                void tell(RevocationListener listener, Entry entry) {
                    listener.revoked(entry.revocation(), entry.revision());
                }
            });
        }
    }

    static final class NeverLetsGo extends Contract {
        NeverLetsGo() {
            super(server -> new BareFeed(server) {
                @Override
                void left(RevocationListener listener) {}
            });
        }
    }

    /** Its issuers know of what is to come, so a holder who is revoked then has a ticket all the same. */
    static final class IsAhead extends Contract {
        IsAhead() {
            super(server -> new BareFeed(server) {
                @Override
                public String revision() {
                    return "999999999999999-0";
                }
            });
        }
    }

    /** Its issuers never know, so a holder who was revoked once is locked out for minutes. */
    static final class KnowsNothing extends Contract {
        KnowsNothing() {
            super(server -> new BareFeed(server) {
                @Override
                public @Nullable String revision() {
                    return null;
                }
            });
        }
    }

    /** Says when it began, and counts. */
    static final class TellsItsBeginning extends Contract {
        TellsItsBeginning() {
            super(server -> new BareFeed(server) {
                @Override
                Entry written(Entry entry) {
                    return new Entry(entry.revocation(), server.began + "-" + (server.entries.size() + 1));
                }
            });
        }
    }

    /** Numbers as texts: 10 comes before 9. */
    static final class NumbersBackwards extends Contract {
        NumbersBackwards() {
            super(server -> new BareFeed(server) {
                @Override
                Entry written(Entry entry) {
                    return new Entry(entry.revocation(), server.began + "-" + (999_999 - server.entries.size()));
                }
            });
        }
    }
}
