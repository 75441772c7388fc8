// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** On which threads, and on how many, a store waits for a database that answers nobody. */
class WaitingThreadsTest {

    @Test
    @EnabledForJreRange(max = JRE.JAVA_23)
    void beforeJava24AFewOfThePlatformsWait() {
        List<Thread> threads = ofThoseWhoWait(600, 32, Thread::currentThread);

        // None of a class of its own, as virtual ones are.
        assertThat(threads)
                .hasSize(32)
                .allMatch(Thread::isDaemon)
                .allMatch(thread -> thread.getClass() == Thread.class);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void fromJava24OnManyVirtualOnesWait() throws Exception {
        List<Thread> threads = ofThoseWhoWait(600, 512, Thread::currentThread);

        assertThat(threads).hasSize(512);
        for (Thread thread : threads) {
            // What is compiled for Java 17 knows it by its name only.
            assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true);
        }
    }

    @Test
    void noneInheritsWhatItsCallersThreadHas() {
        var transaction = new InheritableThreadLocal<String>();
        transaction.set("of the caller");

        assertThat(ofThoseWhoWait(1, 1, () -> Optional.ofNullable(transaction.get())))
                .containsExactly(Optional.empty());

        transaction.remove();
    }

    /** What so many threads say of themselves, when so many redeem a ticket. */
    private static <T> List<T> ofThoseWhoWait(int redeemers, int threads, Supplier<T> what) {
        var said = new ConcurrentLinkedQueue<T>();
        var over = new CountDownLatch(1);
        try (var store = Samples.patient(new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                said.add(what.get());
                try {
                    over.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                throw new SQLException("down", "08001");
            }

            @Override
            public Connection getConnection(String username, String password) throws SQLException {
                return getConnection();
            }
        })) {
            for (int i = 0; i < redeemers; i++) {
                CompletionStage<?> unused = store.take(Samples.ticket());
            }
            Samples.await(() -> said.size() >= threads);
            List<T> answer = List.copyOf(said);
            over.countDown();
            return answer;
        }
    }
}
