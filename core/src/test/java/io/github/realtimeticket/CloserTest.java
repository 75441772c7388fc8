// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class CloserTest {

    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> closed = new ArrayList<>();

    @Test
    void whatNoThreadCanBeMadeForIsClosedWhenOneCan() {
        Executor broken = run -> {
            if (closed.isEmpty()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            run.run();
        };
        var closer = new Closer(broken);

        closer.close("alice", () -> closed.add("first"));
        closer.close("alice", () -> closed.add("second"));
        closer.close("bob", () -> closed.add("third"));
        assertThat(closed).isEmpty();
        closed.add("a thread is there");
        closer.goOn();

        assertThat(closed).containsExactlyInAnyOrder("a thread is there", "first", "second", "third");
    }

    @Test
    void aHolderHasNoMoreThreadsThanAreFree() {
        var closer = new Closer(threads::add);

        for (int i = 0; i < 1_000; i++) {
            closer.close("alice", () -> closed.add("alice"));
        }
        assertThat(threads).hasSize(Closer.MOST / 2);
        for (int i = 0; i < 1_000; i++) {
            closer.close("bob", () -> closed.add("bob"));
        }
        assertThat(threads).hasSize(Closer.MOST * 3 / 4);
        closer.close("carol", () -> closed.add("carol"));
        assertThat(threads).hasSize(Closer.MOST * 3 / 4 + 1);

        while (!threads.isEmpty()) {
            threads.remove().run();
        }
        assertThat(closed).hasSize(2_001);
    }
}
