// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Follows every buffer, and fails a class of tests in which one was lost, unless it was in the hands of somebody who is known to lose some. */
final class Leaks implements BeforeAllCallback, AfterAllCallback {

    private static final Pattern NEXT_RECORD = Pattern.compile("#2:|Created at:");
    private static final AtomicInteger CANARIES = new AtomicInteger();
    private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

    static {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation")
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int interval, long maxActive) {
                return new Recorder<>(type, interval);
            }
        });
    }

    private final List<String> losers;

    /** But for what a report says one of these words of, up to its newest record. */
    Leaks(String... losers) {
        this.losers = List.of(losers);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // Loaded before the first buffer is made.
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        if (context.getTestClass().orElseThrow().getEnclosingClass() == null) {
            assertThat(found()).filteredOn(this::isOurs).isEmpty();
        }
    }

    // The newest record comes first.
    private boolean isOurs(String leak) {
        String newest = NEXT_RECORD.split(leak, 2)[0];
        return losers.stream().noneMatch(newest::contains);
    }

    // A lost buffer is reported after its collection, when another is made. One that is lost on purpose tells that this
    // has come, and
    // that losses are seen at all; the hint makes it another one each time, because the detector reports each way to
    // lose once.
    private static Queue<String> found() throws InterruptedException {
        String canary = "canary " + CANARIES.incrementAndGet();
        lose(canary);
        for (int attempt = 0; attempt < 2_000 && FOUND.stream().noneMatch(leak -> leak.contains(canary)); attempt++) {
            System.gc();
            ByteBufAllocator.DEFAULT.buffer(8).release();
            Thread.sleep(10);
        }
        assertThat(FOUND.removeIf(leak -> leak.contains(canary)))
                .as("the detector sees what is lost")
                .isTrue();
        return FOUND;
    }

    private static void lose(String hint) {
        ByteBuf unused = ByteBufAllocator.DEFAULT.buffer(8).touch(hint);
    }

    private static final class Recorder<T> extends ResourceLeakDetector<T> {

        @SuppressWarnings("deprecation")
        Recorder(Class<?> type, int interval) {
            super(type, interval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String type, String records) {
            FOUND.add(type + records);
        }

        @Override
        protected void reportUntracedLeak(String type) {
            FOUND.add(type);
        }
    }
}
