// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StoreWaitTest {

    private static final String DOWN = "down";

    private final StoreWait store = new StoreWait();
    private final Queue<CompletableFuture<String>> begun = new ConcurrentLinkedQueue<>();
    private final List<CompletableFuture<Optional<String>>> asked = new ArrayList<>();

    @AfterEach
    void letEveryThreadGo() {
        begun.forEach(operation -> operation.complete(DOWN));
    }

    @Test
    void anAnswerThatIsThereIsNotWaitedFor() {
        assertThat(get(CompletableFuture.completedFuture("alice"))).contains("alice");
        assertThat(get(CompletableFuture.failedFuture(new IllegalStateException("as the test wants it"))))
                .isEmpty();
    }

    @Test
    void moreThanSoManyAreRefusedAtOnceAndNeverBegun() throws Exception {
        fill();

        assertThat(ask().get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(begun).hasSize(StoreWait.THREADS);

        begun.remove().complete("alice");
        asked.get(0).get(10, TimeUnit.SECONDS);
        CompletableFuture<Optional<String>> next = ask();
        awaitBegun(StoreWait.THREADS);
        begun.forEach(operation -> operation.complete("bob"));
        assertThat(next.get(10, TimeUnit.SECONDS)).contains("bob");
    }

    @Test
    void whileTheStoreIsSilentOneAloneAsksUntilItAnswers() throws Exception {
        CompletableFuture<Optional<String>> first = ask();
        awaitBegun(1);
        TimeUnit.MILLISECONDS.sleep(200);
        begun.remove().complete(DOWN);
        assertThat(first.get(10, TimeUnit.SECONDS)).contains(DOWN);

        CompletableFuture<Optional<String>> alone = ask();
        awaitBegun(1);
        assertThat(ask().get(10, TimeUnit.SECONDS)).isEmpty();
        begun.remove().complete("alice");
        assertThat(alone.get(10, TimeUnit.SECONDS)).contains("alice");

        CompletableFuture<Optional<String>> one = ask();
        CompletableFuture<Optional<String>> another = ask();
        awaitBegun(2);
        begun.forEach(operation -> operation.complete("bob"));
        assertThat(one.get(10, TimeUnit.SECONDS)).contains("bob");
        assertThat(another.get(10, TimeUnit.SECONDS)).contains("bob");
    }

    @Test
    void aPlaceComesBackWhateverIsThrown() throws Exception {
        for (int i = 0; i < 2 * StoreWait.THREADS; i++) {
            assertThat(store.<String>get(
                            () -> {
                                throw new NoClassDefFoundError("as the test wants it");
                            },
                            DOWN::equals))
                    .isEmpty();
        }

        assertThat(get(CompletableFuture.completedFuture("alice"))).contains("alice");
    }

    @Test
    void whatAskedNoStoreTellsNothingOfIt() throws Exception {
        CompletableFuture<Optional<String>> first = ask();
        awaitBegun(1);
        TimeUnit.MILLISECONDS.sleep(200);
        assertThat(get(CompletableFuture.completedFuture("no ticket at all"))).isPresent();
        begun.remove().complete(DOWN);
        assertThat(first.get(10, TimeUnit.SECONDS)).contains(DOWN);

        ask();
        awaitBegun(1);
        assertThat(ask().get(10, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void aFailureThatComesAtOnceDoesNotShutTheWay() throws Exception {
        assertThat(get(CompletableFuture.completedFuture(DOWN))).contains(DOWN);

        ask();
        ask();
        awaitBegun(2);
    }

    private void fill() throws InterruptedException {
        for (int i = 0; i < StoreWait.THREADS; i++) {
            asked.add(ask());
            awaitBegun(i + 1);
        }
    }

    private Optional<String> get(CompletableFuture<String> operation) {
        return store.get(() -> operation, DOWN::equals);
    }

    @com.google.errorprone.annotations.CanIgnoreReturnValue
    private CompletableFuture<Optional<String>> ask() {
        return CompletableFuture.supplyAsync(
                () -> store.get(
                        () -> {
                            var operation = new CompletableFuture<String>();
                            begun.add(operation);
                            return operation;
                        },
                        DOWN::equals),
                command -> new Thread(command).start());
    }

    private void awaitBegun(int count) throws InterruptedException {
        while (begun.size() < count) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
