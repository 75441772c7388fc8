// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.TicketValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Users who issue a ticket, redeem it, and redeem it again after a while, on and on while a test breaks the servers, and what became of
 * each ticket.
 */
final class Load implements AutoCloseable {

    static final int USERS = 8;

    // A ticket that is back after a failover is found by presenting it later again.
    private static final Duration LATER = Duration.ofSeconds(4);

    private final RedisTicketStore store;
    private final Collection<Life> lives = new ConcurrentLinkedQueue<>();
    private final List<Thread> users = new ArrayList<>();
    private volatile boolean over;

    Load(RedisTicketStore store) {
        this.store = store;
        for (int i = 0; i < USERS; i++) {
            Thread user = new Thread(this::use, "user");
            user.start();
            users.add(user);
        }
    }

    private void use() {
        List<Life> presentedOnce = new ArrayList<>();
        while (!over) {
            Life life = new Life(Fixture.ticket(), System.nanoTime());
            lives.add(life);
            life.issue = ask(
                    () -> store.put(life.ticket, Fixture.ALICE, Fixture.LONG),
                    kept -> kept ? Outcome.YES : Outcome.NOTHING);
            life.first = ask(() -> store.take(life.ticket), Load::outcome);
            life.presented = System.nanoTime();
            presentedOnce.add(life);
            long later = System.nanoTime() - LATER.toNanos();
            while (!presentedOnce.isEmpty() && presentedOnce.get(0).start < later) {
                presentAgain(presentedOnce.remove(0));
            }
        }
        presentedOnce.forEach(this::presentAgain);
    }

    private void presentAgain(Life life) {
        life.second = ask(() -> store.take(life.ticket), Load::outcome);
    }

    private static Outcome outcome(Optional<TicketValue> taken) {
        return taken.isPresent() ? Outcome.YES : Outcome.NOTHING;
    }

    private static <T> Outcome ask(Supplier<CompletionStage<T>> operation, Function<T, Outcome> outcome) {
        try {
            return outcome.apply(Fixture.await(operation.get()));
        } catch (TicketStoreException e) {
            Fixture.pause();
            return e.refusal() == Refusal.FAILED ? Outcome.FAILED : Outcome.OTHER_HISTORY;
        }
    }

    /** As below, of any tickets. */
    void awaitSuccesses(int number) {
        awaitSuccesses(number, ticket -> true);
    }

    /** Waits until this many of these tickets have been issued and redeemed from now on, each at the first try. */
    void awaitSuccesses(int number, Predicate<Ticket> concerned) {
        long from = System.nanoTime();
        long end = from + Duration.ofSeconds(60).toNanos();
        while (lives.stream()
                        .filter(life -> life.start > from && life.isGood() && concerned.test(life.ticket))
                        .count()
                < number) {
            assertThat(System.nanoTime()).as("It works again").isLessThan(end);
            Fixture.pause();
        }
    }

    /** For how long, from this time on, no ticket of these could be issued and redeemed. */
    Duration outageSince(long nanoTime, Predicate<Ticket> concerned) {
        long first = lives.stream()
                .filter(life -> life.start > nanoTime && life.isGood() && concerned.test(life.ticket))
                .mapToLong(life -> life.start)
                .min()
                .orElseThrow();
        return Duration.ofNanos(first - nanoTime);
    }

    /** Of all tickets, those that were let in twice. */
    List<Life> doubles() {
        return lives.stream()
                .filter(life -> life.first == Outcome.YES && life.second == Outcome.YES)
                .toList();
    }

    /** Tickets that were issued, and of which the store said at the first try that there is nothing. */
    List<Life> lost() {
        return lives.stream()
                .filter(life -> life.issue == Outcome.YES
                        && (life.first == Outcome.NOTHING || life.first == Outcome.OTHER_HISTORY))
                .toList();
    }

    long failed() {
        return lives.stream()
                .filter(life -> life.issue == Outcome.FAILED || life.first == Outcome.FAILED)
                .count();
    }

    int size() {
        return lives.size();
    }

    @Override
    public String toString() {
        return "of " + size() + " tickets " + failed() + " failed, " + lost().size() + " were lost";
    }

    @Override
    public void close() {
        over = true;
        for (Thread user : users) {
            try {
                user.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    enum Outcome {
        YES,
        NOTHING,
        OTHER_HISTORY,
        FAILED
    }

    static final class Life {
        final Ticket ticket;
        final long start;
        volatile Outcome issue = Outcome.FAILED;
        volatile Outcome first = Outcome.FAILED;
        volatile Outcome second = Outcome.FAILED;
        volatile long presented;

        Life(Ticket ticket, long start) {
            this.ticket = ticket;
            this.start = start;
        }

        boolean isWithin(long from, long to) {
            return presented >= from && start <= to;
        }

        boolean isGood() {
            return issue == Outcome.YES && first == Outcome.YES;
        }
    }
}
