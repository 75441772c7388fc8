// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.examples.chat.realtime.RealtimeServer;
import io.github.realtimeticket.examples.chat.web.ChatApplication;
import io.github.realtimeticket.fixtures.Chromium;
import io.github.realtimeticket.fixtures.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The chat's page when the network goes away without a word. */
class DeadNetworkTest {

    /** The page's {@code idleTimeout}, in milliseconds. */
    private static final double SILENCE = 20_000;

    @Test
    void aPageWhoseConnectionIsDeadIsBackInTime() throws Exception {
        PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
        int[] ports = FreePorts.two();
        String origin = "http://localhost:" + ports[0];

        try (var chromium = Chromium.start();
                var network = new Network(ports[1]);
                var web = new SpringApplicationBuilder(ChatApplication.class)
                        .registerShutdownHook(false)
                        .run(
                                "--server.port=" + ports[0],
                                "--chat.realtime-url=ws://localhost:" + network.port() + "/chat");
                var realtime = RealtimeServer.start(web.getBean(TicketStore.class), ports[1], origin)) {
            assertThat(realtime.uri().getPort()).isEqualTo(ports[1]);
            ChatPage alice = ChatPage.in(chromium.browser(), origin, new Browser.NewContextOptions());
            alice.connected("alice");
            alice.page().waitForTimeout(SILENCE + 3_000);
            assertThat(alice.lives()).hasCount(1);

            network.cut();

            assertThat(alice.lives()).hasCount(2, new LocatorAssertions.HasCountOptions().setTimeout(SILENCE + 10_000));
            alice.isConnected("alice");
            assertThat(alice.faults()).isEmpty();
            alice.close();
        }
    }

    /** The network to the backend. Once it is cut, nothing of the connections that there are gets through, not even their end. */
    private static final class Network implements AutoCloseable {

        private final int target;
        private final ServerSocket listener = FreePorts.listen();
        private final AtomicInteger cuts = new AtomicInteger();

        Network(int target) throws IOException {
            this.target = target;
            start(this::accept);
        }

        int port() {
            return listener.getLocalPort();
        }

        void cut() {
            cuts.set(cuts.get() + 1);
        }

        private void accept() throws IOException {
            while (true) {
                Socket near = listener.accept();
                var far = new Socket(InetAddress.getLoopbackAddress(), target);
                int then = cuts.get();
                start(() -> carry(near, far, then));
                start(() -> carry(far, near, then));
            }
        }

        private void carry(Socket from, Socket to, int then) throws IOException {
            byte[] buffer = new byte[8192];
            for (int length = 0; length >= 0; length = from.getInputStream().read(buffer)) {
                if (cuts.get() == then) {
                    to.getOutputStream().write(buffer, 0, length);
                }
            }
            if (cuts.get() == then) {
                to.close();
            }
        }

        private interface Work {
            void run() throws IOException;
        }

        private static void start(Work work) {
            var thread = new Thread(
                    () -> {
                        try {
                            work.run();
                        } catch (IOException over) {
                            // The connection is over, or all is.
                        }
                    },
                    "network");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
