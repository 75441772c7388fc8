// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import io.github.realtimeticket.fixtures.Chromium;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** As many connections as 50 tabs have, each with a source of its own. */
class ManySocketsTest {

    private static final int SOCKETS = 50;

    private static final String CONNECT = """
            ([count, url]) => {
              window.opened = Array.from({ length: count }, () => []);
              window.sockets = window.opened.map((times) => {
                const socket = new RealtimeTicket.TicketWebSocket(url, [], { tickets: new RealtimeTicket.TicketSource() });
                socket.onopen = () => times.push(performance.now());
                socket.open();
                return socket;
              });
            }""";

    private static Browser browser;

    @AutoClose
    private static ChatSite site;

    @AutoClose
    private ChatPage alice;

    @BeforeAll
    static void start() throws Exception {
        browser = Chromium.browser();
        // One user with more tabs than the limit lets in at once.
        site = ChatSite.start("--realtime-ticket.limit.burst=200");
    }

    @Test
    @SuppressWarnings("unchecked")
    void theyAllComeBackWithTicketsOfTheirOwnAndNotAllAtOnce() throws Exception {
        alice = BlankPage.open(browser, site.origin(), "");
        PageTraffic traffic = PageTraffic.of(alice.page());
        alice.page().evaluate(CONNECT, List.of(SOCKETS, site.realtimeUrl()));
        alice.page().waitForFunction("sockets.every((socket) => socket.readyState === 1)");
        assertThat(traffic.tickets()).hasSize(SOCKETS).doesNotHaveDuplicates();

        site.whileStopped(() -> alice.page().waitForFunction("sockets.every((socket) => socket.readyState === 0)"));
        alice.page().waitForFunction("sockets.every((socket) => socket.readyState === 1)");

        assertThat(traffic.tickets()).hasSizeGreaterThanOrEqualTo(2 * SOCKETS).doesNotHaveDuplicates();
        var times = (List<Number>) alice.page().evaluate("opened.map((times) => times.at(-1)).sort((a, b) => a - b)");
        double spread = times.get(SOCKETS - 1).doubleValue() - times.get(0).doubleValue();
        System.out.printf("%d connections came back within %.0f ms of one another%n", SOCKETS, spread);
        assertThat(spread).isGreaterThan(300);
        assertThat(alice.page().evaluate("opened.every((times) => times.length === 2)"))
                .isEqualTo(true);
    }
}
