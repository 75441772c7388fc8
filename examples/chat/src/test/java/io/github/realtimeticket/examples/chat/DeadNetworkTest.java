// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.examples.chat.realtime.RealtimeServer;
import io.github.realtimeticket.examples.chat.web.ChatApplication;
import io.github.realtimeticket.fixtures.Chromium;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Relay;
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

        Browser browser = Chromium.browser();
        try (var network = new Relay(ports[1]);
                var web = new SpringApplicationBuilder(ChatApplication.class)
                        .registerShutdownHook(false)
                        .run(
                                "--server.port=" + ports[0],
                                "--chat.realtime-url=ws://localhost:" + network.port() + "/chat");
                var realtime = RealtimeServer.start(
                        web.getBean(TicketStore.class), web.getBean(Revocations.class), ports[1], origin);
                ChatPage alice = ChatPage.in(browser, origin, new Browser.NewContextOptions())) {
            assertThat(realtime.uri().getPort()).isEqualTo(ports[1]);
            alice.connected("alice");
            alice.page().waitForTimeout(SILENCE + 3_000);
            assertThat(alice.lives()).hasCount(1);

            network.freezeConnections();

            assertThat(alice.lives()).hasCount(2, new LocatorAssertions.HasCountOptions().setTimeout(SILENCE + 10_000));
            alice.isConnected("alice");
            assertThat(alice.faults()).isEmpty();
        }
    }
}
