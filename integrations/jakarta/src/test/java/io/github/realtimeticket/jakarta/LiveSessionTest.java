// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Wire;
import io.github.realtimeticket.jakarta.JakartaConnectionContractTest.Socket;
import jakarta.servlet.ServletContext;
import jakarta.websocket.server.ServerContainer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.junit.jupiter.api.Test;

/** WebSockets of clients that do not do what they are told. */
class LiveSessionTest {

    private final Revocations revocations = Revocations.inMemory();
    private final Tickets tickets =
            Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
    private final Gate gate = Gate.of(tickets);

    @Test
    void whoeverDoesNotAnswerTheCloseIsCutOff() throws Exception {
        List<CompletableFuture<Void>> cutOff = new ArrayList<>();
        for (Container container : Container.values()) {
            cutOff.add(CompletableFuture.runAsync(() -> isCutOff(container), task -> new Thread(task).start()));
        }

        assertThat(cutOff).allSatisfy(end -> assertThat(end).succeedsWithin(java.time.Duration.ofSeconds(60)));
        await().until(() -> gate.connections().count() == 0);
    }

    private void isCutOff(Container container) {
        String name = container.name();
        try (var running = container.start(this::register);
                var silent = new Wire(running.port())) {
            var grant = TicketGrant.to(TicketHolder.of(name, name)).withSession(name);
            String ticket = tickets.issue(grant, null).toCompletableFuture().join().reveal();
            silent.handshake("/realtime/socket?ticket=" + ticket);
            assertThat(silent.answer().status()).isEqualTo(101);
            assertThat(silent.frame()).isEqualTo("text " + name);

            assertThat(revocations.revoke(Revocation.session(name))).isCompleted();

            assertThat(silent.frame()).isEqualTo("close 3000");
            long t = System.nanoTime();
            String rest = silent.rest();
            System.err.println("REST " + name + " " + (System.nanoTime() - t) / 1_000_000 + " [" + rest.length() + "]");
        } catch (Exception e) {
            throw new AssertionError(name, e);
        }
    }

    private void register(ServletContext context) {
        TicketFilter.of(gate).register(context, "/realtime/*");
        var sockets = (ServerContainer) context.getAttribute(ServerContainer.class.getName());
        if (sockets instanceof WsWebSocketContainer tomcat) {
            // How often Tomcat looks for clients that are late, in seconds; 10 unless told otherwise.
            tomcat.setProcessPeriod(1);
        }
        try {
            sockets.addEndpoint(Socket.class);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
