// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class RevocationQueueTest {

    private final Held held = new Held();
    private final Revocation revocation = Revocation.session("s");

    @Test
    void whatFailsWhenNobodyWaitsAnyMoreIsTriedAgain() throws Exception {
        try (var queue = new RevocationQueue(held)) {
            CompletableFuture<?> waiting = queue.add(revocation);
            assertThat(waiting.complete(null)).isTrue();
            held.next().completeExceptionally(new TicketStoreException("too late"));

            held.next().complete(null);

            assertThat(held.asked.poll(2, TimeUnit.SECONDS)).isNull();
        }
    }

    @Test
    void whoeverWaitsGoesOnInTimeAndWhatFailsLaterIsTriedAgain() throws Exception {
        try (var queue = new RevocationQueue(held)) {
            Object unused = queue.add(revocation).get(30, TimeUnit.SECONDS);
            held.next().completeExceptionally(new TicketStoreException("too late"));

            held.next().complete(null);
        }
    }

    @Test
    void whatFailsAgainWhileItIsTriedAgainIsKept() throws Exception {
        try (var queue = new RevocationQueue(held)) {
            CompletableFuture<?> first = queue.add(revocation);
            held.next().completeExceptionally(new TicketStoreException("once"));
            CompletableFuture<Void> again = held.next();
            CompletableFuture<?> another = queue.add(revocation);
            held.next().completeExceptionally(new TicketStoreException("twice"));
            again.complete(null);

            held.next().complete(null);

            assertThat(first).isCompleted();
            assertThat(another).isCompleted();
            assertThat(held.asked.poll(2, TimeUnit.SECONDS)).isNull();
        }
    }

    @Test
    void whatIsLostIsSaid() {
        List<String> said = new CopyOnWriteArrayList<>();
        Logger log = Logger.getLogger(RevocationQueue.class.getName());
        log.setFilter(line -> {
            said.add(line.getMessage());
            return false;
        });
        try (var queue = new RevocationQueue(held)) {
            for (int i = 0; i <= 100_001; i++) {
                CompletableFuture<?> unused = queue.add(Revocation.holder(i));
            }
            held.asked.forEach(asked -> asked.completeExceptionally(new TicketStoreException("down")));

            assertThat(said)
                    .filteredOn(line -> line.startsWith("More than 100000"))
                    .hasSize(1);
        } finally {
            log.setFilter(null);
        }
    }

    @Test
    void afterAFeedThatAnswersNothingTheWarningNamesTheFeed() {
        List<String> said = new CopyOnWriteArrayList<>();
        try (var queue = new RevocationQueue(new Mute(), said::add)) {
            CompletableFuture<?> unused = queue.add(revocation);

            assertThat(said).singleElement().asString().endsWith("The feed of revocations answered null");
        }
    }

    @Test
    void aFeedsStageNeedHaveNoFuture() {
        List<String> said = new CopyOnWriteArrayList<>();
        Revocations foreign = new Mute() {
            @Override
            public CompletionStage<Void> revoke(Revocation revocation) {
                var done = new Foreign<Void>();
                boolean unused = done.complete(null);
                return done;
            }
        };
        try (var queue = new RevocationQueue(foreign, said::add)) {
            assertThat(queue.add(revocation)).isCompleted();
        }

        assertThat(said).isEmpty();
    }

    @Test
    void whatIsBeingTriedWhenItIsClosedIsCountedOnce() throws Exception {
        List<String> said = new CopyOnWriteArrayList<>();
        var queue = new RevocationQueue(held, said::add);
        CompletableFuture<?> unused = queue.add(Revocation.holder(1));
        held.next().completeExceptionally(new TicketStoreException("down"));
        CompletableFuture<Void> again = held.next();
        unused = queue.add(Revocation.holder(1));
        held.next().completeExceptionally(new TicketStoreException("down"));
        said.clear();

        queue.close();
        again.completeExceptionally(new TicketStoreException("down"));

        assertThat(said).singleElement().asString().startsWith("1 revocations");
    }

    private static final class Held extends Mute {
        private final LinkedBlockingQueue<CompletableFuture<Void>> asked = new LinkedBlockingQueue<>();

        CompletableFuture<Void> next() throws InterruptedException {
            CompletableFuture<Void> next = asked.poll(30, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        }

        @Override
        public CompletionStage<Void> revoke(Revocation revocation) {
            var answer = new CompletableFuture<Void>();
            asked.add(answer);
            return answer;
        }
    }

    private static class Mute implements Revocations {

        @Override
        @SuppressWarnings("NullAway")
        public CompletionStage<Void> revoke(Revocation revocation) {
            return null;
        }

        @Override
        public Listening listen(RevocationListener listener) {
            return () -> {};
        }

        @Override
        public String revision() {
            return "1-0";
        }

        @Override
        public boolean isCurrent() {
            return true;
        }
    }
}
