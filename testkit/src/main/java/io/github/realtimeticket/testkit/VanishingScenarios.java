// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.testkit.IssuerContract.Login;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that are gone before their answer is there. */
abstract class VanishingScenarios {

    /** How many wait at a time: fewer than a small server has threads. */
    private static final int TOGETHER = 8;

    /** How often, twice: all in all, more vanish than a server has threads for requests, or places to wait for a store. */
    private static final int TIMES = 8;

    private final IssueDesk desk;
    private final Duration patience;

    VanishingScenarios(IssueDesk desk, Duration patience) {
        this.desk = desk;
        this.patience = patience;
    }

    /** How a client leaves. */
    enum Leaving {
        /** Its process ends, or its machine forgets it: RST. */
        RESET {
            @Override
            void leave(Socket client) throws IOException {
                client.setSoLinger(true, 0);
                client.close();
            }
        },

        /** Its page goes away: FIN, and RST to whatever is answered. */
        CLOSED {
            @Override
            void leave(Socket client) throws IOException {
                client.close();
            }
        },

        /** It sends FIN, and looks whether the server ends the connection, too. */
        HALF_CLOSED {
            @Override
            void leave(Socket client) throws IOException {
                client.shutdownOutput();
            }

            @Override
            void end(Socket client, Duration patience) throws IOException {
                try (client) {
                    client.setSoTimeout((int) patience.toMillis());
                    byte[] unused = client.getInputStream().readAllBytes();
                } catch (SocketException reset) {
                    // So some servers end it.
                }
            }
        };

        abstract void leave(Socket client) throws IOException;

        void end(Socket client, Duration patience) throws IOException {}
    }

    @ParameterizedTest
    @EnumSource
    void nothingStaysBehindOfWhoeverVanishesWhileTheStoreIsAsked(Leaving how) throws Exception {
        try (var traces = new StackTraces()) {
            // A pool may grow at first; what leaks goes on growing.
            vanishOften(how);
            long threads = LivingThreads.count();
            vanishOften(how);

            Eventually.is(
                    "the threads are no more than before",
                    patience,
                    () -> LivingThreads.count() - threads < TIMES * TOGETHER / 2);
            assertThat(traces.found()).isEmpty();
        }
    }

    private void vanishOften(Leaving how) throws Exception {
        for (int time = 0; time < TIMES; time++) {
            vanish(how, time);
        }
    }

    private void vanish(Leaving how, int pause) throws Exception {
        Login login = desk.login();
        List<Socket> clients = new ArrayList<>();
        int before = desk.store().askedToKeep();
        CompletableFuture<Void> store = desk.store().hold();

        try {
            for (int i = 0; i < TOGETHER; i++) {
                clients.add(desk.ask(login));
            }
            Eventually.is("all are at the store", patience, () -> desk.store().askedToKeep() >= before + TOGETHER);
            for (Socket client : clients) {
                how.leave(client);
            }
            // Some servers find out meanwhile, others only when they answer.
            Thread.sleep(pause * 5L);
        } finally {
            store.complete(null);
        }
        for (Socket client : clients) {
            how.end(client, patience);
        }

        assertThat(desk.take(desk.fromOwnPage(login)))
                .as("the user's next ticket")
                .isPresent();
    }
}
