// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.quarkus.runtime.ExecutorRecorder;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The check that Quarkus finds by itself, with the gate of the application. */
@QuarkusTest
class TicketUpgradeCheckTest {

    private static final int MORE_THAN_THREADS = 20;

    @TestHTTPResource("/silent")
    URI silent;

    @Inject
    Tickets tickets;

    @Inject
    Revocations revocations;

    @Test
    void t16_aSocketEndsWithItsLoginThoughItsEndpointSaysNothing() throws Exception {
        try (Connection alice = open("first")) {
            alice.send("ping");
            assertThat(alice.next()).isEqualTo("ping");

            assertThat(revocations.revoke(Revocation.session("first"))).isCompleted();

            assertThat(alice.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void t16_aSocketThatIsRevokedInTheMomentOfOpeningEnds() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Connection alice = open("early " + i)) {
                assertThat(revocations.revoke(Revocation.session("early " + i))).isCompleted();

                assertThat(alice.closeCode()).isEqualTo(3000);
            }
        }
    }

    @Test
    void t16_aSocketEndsThoughQuarkusHasNoThreadToTellOfIt() throws Exception {
        var busy = new CountDownLatch(1);
        for (int i = 0; i < MORE_THAN_THREADS; i++) {
            ExecutorRecorder.getCurrent().execute(() -> {
                try {
                    busy.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        try (Connection alice = open("untold")) {
            assertThat(revocations.revoke(Revocation.session("untold"))).isCompleted();

            assertThat(alice.closeCode()).isEqualTo(3000);
        } finally {
            busy.countDown();
        }
    }

    private Connection open(String session) throws Exception {
        String ticket = tickets.issue(
                        TicketGrant.to(TicketHolder.of(1, "alice")).withSession(session), null)
                .toCompletableFuture()
                .join()
                .reveal();
        Connection connection =
                Connection.open(URI.create("ws://127.0.0.1:" + silent.getPort() + "/silent?ticket=" + ticket));
        assertThat(connection.status()).isEqualTo(101);
        return connection;
    }
}
