// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TicketGeneratorTest {

    private static final int THREADS = 40;
    private static final int TICKETS_A_THREAD = 50_000;

    private final TicketGenerator source = new TicketGenerator();

    /** More threads than generators, so that some share one; the first 64 bits stand for a ticket to spare the heap. */
    @Test
    void twoMillionTicketsOfManyThreadsAreAllDifferent() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        var start = new CountDownLatch(THREADS);
        List<Future<long[]>> made = new ArrayList<>();

        for (int i = 0; i < THREADS; i++) {
            made.add(threads.submit(() -> {
                start.countDown();
                start.await();
                long[] heads = new long[TICKETS_A_THREAD];
                Arrays.setAll(heads, n -> head(source.next()));
                return heads;
            }));
        }
        long[] all = new long[THREADS * TICKETS_A_THREAD];
        for (int i = 0; i < THREADS; i++) {
            System.arraycopy(made.get(i).get(), 0, all, i * TICKETS_A_THREAD, TICKETS_A_THREAD);
        }
        threads.shutdown();

        Arrays.sort(all);
        assertThat(IntStream.range(1, all.length).filter(i -> all[i] == all[i - 1]))
                .isEmpty();
    }

    /** 100,000 throws of each of 160 coins: ten standard deviations are 1,581. */
    @Test
    void eachOfThe160BitsIsSetInHalfOfTheTickets() {
        int tickets = 100_000;
        int[] set = new int[160];

        for (int i = 0; i < tickets; i++) {
            byte[] bits = Base64.getUrlDecoder().decode(source.next());
            for (int bit = 0; bit < bits.length * 8; bit++) {
                set[bit] += (bits[bit / 8] >> (bit % 8)) & 1;
            }
        }

        assertThat(Arrays.stream(set).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(tickets / 2 - 1581, tickets / 2 + 1581));
    }

    @Test
    void twoSourcesHaveNothingInCommon() {
        var other = new TicketGenerator();

        List<String> ours = new ArrayList<>();
        List<String> theirs = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            ours.add(source.next());
            theirs.add(other.next());
        }

        assertThat(ours).doesNotContainAnyElementsOf(theirs.subList(0, 100));
    }

    @Test
    void t1_everyFillIsReseededAndNothingOldIsUsed() {
        var reseeds = new AtomicInteger();
        var fills = new AtomicInteger();
        var now = new AtomicLong();
        var counted = new TicketGenerator(() -> new Counted(reseeds, fills), now::get);

        String first = counted.next();
        String second = counted.next();
        int soon = fills.get();
        now.addAndGet(Duration.ofMillis(1_001).toNanos());
        String later = counted.next();

        assertThat(soon).isEqualTo(1);
        assertThat(fills.get()).isEqualTo(2);
        assertThat(reseeds.get()).isEqualTo(2);
        assertThat(List.of(first, second, later)).doesNotHaveDuplicates();
    }

    private static final class Counted extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private final transient AtomicInteger reseeds;
        private final transient AtomicInteger fills;

        Counted(AtomicInteger reseeds, AtomicInteger fills) {
            this.reseeds = reseeds;
            this.fills = fills;
        }

        @Override
        public void reseed() {
            reseeds.incrementAndGet();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            fills.incrementAndGet();
            super.nextBytes(bytes);
        }
    }

    private static long head(String ticket) {
        byte[] bits = Base64.getUrlDecoder().decode(ticket);
        long head = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            head = head << 8 | Byte.toUnsignedLong(bits[i]);
        }
        return head;
    }
}
