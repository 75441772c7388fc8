// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tomcat serves the next request with the objects of one that has ended, however late the threads are that were busy with that one. */
@Timeout(120)
class RecycledRequestTest {

    private static final int ROUNDS = 5;

    /** How the names of its own threads begin. */
    private static final String TOMCAT = "http-nio";

    private final Revocations revocations = Revocations.inMemory();
    private final Tickets tickets =
            Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
    private final Gate gate = Gate.of(tickets);

    @AutoClose("shutdown")
    private final ExecutorService workers =
            Executors.newFixedThreadPool(Container.THREADS, task -> new Thread(task, TOMCAT));

    /** Lets Tomcat do at once what a thread of the application or of ours asks of it; that thread goes on when it is done. */
    private final class Overtaking implements Executor {

        @Override
        public void execute(Runnable task) {
            if (Thread.currentThread().getName().startsWith(TOMCAT)) {
                workers.execute(task);
                return;
            }
            var done = new CountDownLatch(1);
            workers.execute(() -> {
                task.run();
                done.countDown();
            });
            try {
                // It may wait for this thread.
                boolean unused = done.await(500, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** A client of a stream. */
    private final class Listener implements AutoCloseable {

        private final Socket socket;
        private final InputStream in;

        Listener(int port, String session) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(20_000);
            in = socket.getInputStream();
            String ticket = tickets.issue(
                            TicketGrant.to(TicketHolder.of(1, "alice")).withSession(session), null)
                    .toCompletableFuture()
                    .join()
                    .reveal();
            socket.getOutputStream()
                    .write(("GET /realtime/stream?ticket=" + ticket
                                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            hears(1);
        }

        void hears(int beats) throws IOException {
            int heard = 0;
            for (int before = 0, now; heard < beats; before = now) {
                now = in.read();
                assertThat(now).as("what comes of a stream that nobody ends").isNotNegative();
                heard += before == ':' && now == '\n' ? 1 : 0;
            }
        }

        void awaitEnd() throws IOException {
            assertThat(in.readAllBytes()).isNotNull();
        }

        /** So that whoever writes to it is told at once. */
        void vanish() throws IOException {
            socket.setSoLinger(true, 0);
            close();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void aClientThatVanishesEndsNobodyElsesStream() throws Exception {
        try (var running = Container.TOMCAT.start(new Streams())) {
            for (int round = 0; round < ROUNDS; round++) {
                var vanishing = new Listener(running.port(), "s");
                vanishing.vanish();
                eventually(() -> gate.connections().count() == 0);

                try (var next = new Listener(running.port(), "s")) {
                    next.hears(3);
                }
            }
        }
    }

    @Test
    void aRevocationEndsNobodyElsesStreamThoughClientsVanishMeanwhile() throws Exception {
        try (var running = Container.TOMCAT.start(new Streams())) {
            for (int round = 0; round < ROUNDS; round++) {
                String session = "s" + round;
                List<Listener> going = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    going.add(new Listener(running.port(), session));
                }
                for (Listener vanishing : going.subList(0, 2)) {
                    vanishing.vanish();
                }
                assertThat(revocations.revoke(Revocation.session(session))).isCompleted();
                List<Listener> others = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    others.add(new Listener(running.port(), "other"));
                }

                for (Listener ended : going.subList(2, 4)) {
                    ended.awaitEnd();
                    ended.close();
                }
                for (Listener other : others) {
                    other.hears(3);
                    other.close();
                }
                eventually(() -> gate.connections().count() == 0);
            }
        }
    }

    private final class Streams implements Container.Application {

        @Override
        public void register(ServletContext context) {
            TicketFilter.of(gate).register(context, "/realtime/*");
            Site.add(context, "/realtime/stream", new JakartaConnectionContractTest.Streaming());
        }

        @Override
        public Optional<Executor> executor() {
            return Optional.of(new Overtaking());
        }
    }
}
