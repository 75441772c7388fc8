// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

class LivingThreadsTest {

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void virtualThreadsAreAmongThem() throws Exception {
        long before = LivingThreads.count();
        var over = new CountDownLatch(1);

        for (int i = 0; i < 100; i++) {
            Object unused = Thread.class
                    .getMethod("startVirtualThread", Runnable.class)
                    .invoke(null, (Runnable) () -> await(over));
        }
        long meanwhile = LivingThreads.count();
        over.countDown();

        assertThat(meanwhile - before).isGreaterThanOrEqualTo(100);
    }

    private static void await(CountDownLatch over) {
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
