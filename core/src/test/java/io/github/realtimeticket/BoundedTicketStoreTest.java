// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class BoundedTicketStoreTest {

    private static final Ticket TICKET =
            Ticket.parse("AAECAwQFBgcICQoLDA0ODxAREhM").orElseThrow();

    private final Queue<CompletableFuture<Optional<TicketValue>>> begun = new ConcurrentLinkedQueue<>();
    private final TicketStore unbounded = new TicketStore() {
        @Override
        public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
            throw new NoClassDefFoundError("as the test wants it");
        }

        @Override
        public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
            var outcome = new CompletableFuture<Optional<TicketValue>>();
            begun.add(outcome);
            return outcome;
        }
    };
    private final TicketStore store = new BoundedTicketStore(unbounded);

    @Test
    void moreThanSoManyFailAndAreNeverBegun() {
        CompletableFuture<?> first = take();
        for (int i = 1; i < BoundedTicketStore.PLACES; i++) {
            take();
        }

        CompletableFuture<?> tooMany = take();
        answerNext();
        CompletableFuture<?> next = take();

        assertThat(fault(tooMany)).isInstanceOf(TicketStoreException.class).hasMessageContaining("64 requests");
        assertThat(first).isCompleted();
        assertThat(next).isNotDone();
        assertThat(begun).hasSize(BoundedTicketStore.PLACES);
    }

    @Test
    void theOtherStoresStageNeedHaveNoFuture() {
        TicketStore foreign = new TicketStore() {
            @Override
            public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
                return Foreign.stage(true);
            }

            @Override
            public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                return Foreign.stage(Optional.empty());
            }
        };

        for (TicketStore each : List.of(new BoundedTicketStore(foreign), BoundedTicketStore.inTime(foreign))) {
            assertThat(each.take(TICKET)).isCompletedWithValue(Optional.empty());
        }
    }

    @Test
    void anApplicationWithFewThreadsHasFewPlaces() {
        TicketStore store = new BoundedTicketStore(unbounded, 2);

        CompletableFuture<?> first = store.take(TICKET).toCompletableFuture();
        CompletableFuture<?> second = store.take(TICKET).toCompletableFuture();
        CompletableFuture<?> third = store.take(TICKET).toCompletableFuture();

        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        assertThat(fault(third)).hasMessageContaining("2 requests");
        assertThatThrownBy(() -> new BoundedTicketStore(unbounded, 0)).hasMessageContaining("at least 1 place");
    }

    @Test
    void aStoreThatAnswersRefusesNobodyHoweverFewThePlaces() throws Exception {
        assertNobodyIsRefused(1, 10, Duration.ofSeconds(30));
    }

    @Test
    void aStoreThatAnswersRefusesNobodyThoughEveryThreadAsksAtOnce() throws Exception {
        // More patient than usual: a busy machine may stand still for as long.
        assertNobodyIsRefused(BoundedTicketStore.PLACES, 200, Duration.ofSeconds(2));
    }

    private static void assertNobodyIsRefused(int places, int threads, Duration soon) throws Exception {
        TicketStore answering = new TicketStore() {
            @Override
            public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
                throw new NoClassDefFoundError("as the test wants it");
            }

            @Override
            public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                return CompletableFuture.supplyAsync(
                        Optional::empty, CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS));
            }
        };
        TicketStore store = new BoundedTicketStore(answering, places, soon);
        var start = new CyclicBarrier(threads);
        Callable<Void> asksTenTimes = () -> {
            start.await(30, TimeUnit.SECONDS);
            for (int i = 0; i < 10; i++) {
                assertThat(store.take(TICKET).toCompletableFuture().get(30, TimeUnit.SECONDS))
                        .isEmpty();
            }
            return null;
        };
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (Future<Void> asked : pool.invokeAll(Collections.nCopies(threads, asksTenTimes))) {
                asked.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void theSlowerTheStoreTheFewerWaitForAPlace() throws Exception {
        TicketStore store = new BoundedTicketStore(unbounded, BoundedTicketStore.PLACES, Duration.ofSeconds(1));
        takeAllPlaces(store);
        TimeUnit.SECONDS.sleep(2);
        for (int i = 0; i < BoundedTicketStore.PLACES; i++) {
            answerNext();
            CompletionStage<?> unused = store.take(TICKET);
        }
        var refused = new CountDownLatch(60);
        Callable<Boolean> comesToAPlace = () -> {
            boolean comes = !store.take(TICKET).toCompletableFuture().isCompletedExceptionally();
            if (!comes) {
                refused.countDown();
            }
            return comes;
        };
        ExecutorService pool = Executors.newFixedThreadPool(100);
        try {
            List<Future<Boolean>> others = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                others.add(pool.submit(comesToAPlace));
            }

            assertThat(refused.await(30, TimeUnit.SECONDS)).isTrue();
            answerAll();

            int waited = 0;
            for (Future<Boolean> other : others) {
                waited += other.get() ? 1 : 0;
            }
            // In a second a store that takes two comes to half as many as there are places.
            assertThat(waited).isBetween(20, 40);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void howSlowAStoreWasIsNotHeldAgainstIt() throws Exception {
        TicketStore store = new BoundedTicketStore(unbounded, 1, Duration.ofSeconds(2));
        CompletionStage<?> slow = store.take(TICKET);
        TimeUnit.SECONDS.sleep(3);
        answerNext();
        assertThat(slow).isCompleted();

        CompletionStage<?> quick = store.take(TICKET);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<CompletionStage<?>> behind = pool.submit(() -> store.take(TICKET));
            TimeUnit.MILLISECONDS.sleep(100);
            answerNext();

            assertThat(quick).isCompleted();
            assertThat(behind.get(30, TimeUnit.SECONDS).toCompletableFuture()).isNotDone();
        } finally {
            pool.shutdownNow();
        }
    }

    private static void takeAllPlaces(TicketStore store) {
        for (int i = 0; i < BoundedTicketStore.PLACES; i++) {
            CompletionStage<?> unused = store.take(TICKET);
        }
    }

    private void answerAll() {
        for (int i = 0; i < BoundedTicketStore.PLACES; i++) {
            answerNext();
        }
    }

    @Test
    void whileTheStoreIsSilentOneAloneAsksUntilItAnswers() throws Exception {
        beSilent();

        CompletableFuture<?> alone = take();
        CompletableFuture<?> another = take();
        answerNext();
        CompletableFuture<?> one = take();
        CompletableFuture<?> two = take();

        assertThat(alone).isCompleted();
        assertThat(fault(another)).hasMessageContaining("The store is silent");
        assertThat(one).isNotDone();
        assertThat(two).isNotDone();
    }

    @Test
    void aTicketOfAnotherHistoryIsAnAnswer() throws Exception {
        take();
        TimeUnit.MILLISECONDS.sleep(200);
        begun.remove().completeExceptionally(TicketStoreException.ofOtherHistory("as the test wants it"));

        take();

        assertThat(take()).isNotDone();
    }

    @Test
    void aPlaceComesBackWhateverIsThrown() {
        TicketValue value = new TicketValue(TicketHolder.of(1, "alice"), TicketBinding.none(), null);

        for (int i = 0; i < 2 * BoundedTicketStore.PLACES; i++) {
            assertThat(fault(store.put(TICKET, value, Tickets.DEFAULT_TIME_TO_LIVE)
                            .toCompletableFuture()))
                    .isInstanceOf(NoClassDefFoundError.class);
        }

        assertThat(take()).isNotDone();
    }

    @Test
    void aFailureThatComesSoonDoesNotShutTheWay() {
        // However long this machine takes to let it fail.
        TicketStore lenient = new BoundedTicketStore(unbounded, 2, Duration.ofMinutes(1));
        CompletionStage<?> unused = lenient.take(TICKET);
        begun.remove().completeExceptionally(new TicketStoreException("refused"));

        unused = lenient.take(TICKET);

        assertThat(lenient.take(TICKET).toCompletableFuture()).isNotDone();
    }

    @Test
    void inTimeAnyNumberWaitsAndFailsWhenTheTimeIsOver() {
        TicketStore inTime = new BoundedTicketStore.InTime(unbounded, Duration.ofMillis(100));
        List<CompletableFuture<?>> waiting = new ArrayList<>();

        for (int i = 0; i < 2 * BoundedTicketStore.PLACES; i++) {
            waiting.add(inTime.take(TICKET).toCompletableFuture());
        }

        assertThat(begun).hasSize(2 * BoundedTicketStore.PLACES);
        assertThat(waiting).allSatisfy(stage -> assertThat(stage)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(TimeoutException.class));
        assertThat(begun).noneMatch(CompletableFuture::isDone);
    }

    private void beSilent() throws InterruptedException {
        take();
        TimeUnit.MILLISECONDS.sleep(200);
        begun.remove().completeExceptionally(new TicketStoreException("no answer"));
    }

    private void answerNext() {
        begun.remove().complete(Optional.empty());
    }

    @CanIgnoreReturnValue
    private CompletableFuture<Optional<TicketValue>> take() {
        return store.take(TICKET).toCompletableFuture();
    }

    private static Throwable fault(CompletableFuture<?> stage) {
        Throwable thrown = catchThrowable(() -> stage.getNow(null));
        return thrown instanceof CompletionException ? thrown.getCause() : thrown;
    }
}
