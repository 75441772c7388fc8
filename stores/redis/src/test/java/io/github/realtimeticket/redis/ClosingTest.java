// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.patient;
import static io.github.realtimeticket.redis.Fixture.put;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.fixtures.Redis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The store closes what it opened, and whatever waits for it ends. */
class ClosingTest {

    @AutoClose
    private static Redis redis;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = new Redis();
    }

    @Test
    void aClientOfTheStoresOwnIsGoneAfterClosing() {
        Set<Thread> before = lettuceThreads();
        long connections = connections();

        try (RedisTicketStore store = patient(redis.uri())) {
            assertThat(put(store, ticket())).isTrue();
            assertThat(lettuceThreads()).hasSizeGreaterThan(before.size());
        }

        awaitConnections(connections);
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!before.containsAll(lettuceThreads()) && System.nanoTime() < end) {
            Fixture.pause();
        }
        assertThat(before).containsAll(lettuceThreads());
    }

    @Test
    void everyOperationEndsThoughTheStoreIsClosedUnderLoad() throws Exception {
        for (int round = 0; round < 30; round++) {
            RedisTicketStore store = patient(redis.uri());
            assertThat(put(store, ticket())).isTrue();
            Queue<CompletionStage<?>> outstanding = new ConcurrentLinkedQueue<>();
            AtomicBoolean closed = new AtomicBoolean();
            List<Thread> issuers = Stream.generate(() -> new Thread(() -> {
                        while (!closed.get()) {
                            outstanding.add(store.put(ticket(), Fixture.ALICE, Fixture.LONG));
                            outstanding.add(store.take(ticket()));
                        }
                    }))
                    .limit(4)
                    .toList();
            issuers.forEach(Thread::start);
            Thread.sleep(20);

            store.close();

            closed.set(true);
            for (Thread issuer : issuers) {
                issuer.join();
            }
            assertThat(outstanding).isNotEmpty().allMatch(stage -> stage.toCompletableFuture()
                    .isDone());
        }
    }

    @Test
    void theServerOfATestLeavesNoFolder() throws IOException {
        Path folder;
        try (Redis another = new Redis()) {
            folder = Path.of(another.cli().configGet("dir").get("dir"));
            Files.writeString(folder.resolve("temp.rdb"), "as a replica leaves it");
        }

        assertThat(folder).doesNotExist();
    }

    @Test
    void aTimeoutOfNothingIsAProgrammersMistake() {
        assertThatThrownBy(() -> RedisTicketStore.builder(redis.uri()).timeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("timeout");
    }

    private static long connections() {
        return redis.cli().clientList().lines().count();
    }

    private static void awaitConnections(long number) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (connections() != number && System.nanoTime() < end) {
            Fixture.pause();
        }
        assertThat(connections()).isEqualTo(number);
    }

    private static Set<Thread> lettuceThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith("lettuce"))
                .collect(Collectors.toSet());
    }
}
