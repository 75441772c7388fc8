// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.fixtures.Chromium;
import io.github.realtimeticket.fixtures.Wire;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The browser client's event stream, over the browser's own, from the stacks that are no Spring WebFlux. */
class EventStreamTest {

    private static final String LISTEN = """
            (url) => {
              window.got = [];
              window.errors = [];
              window.source = new RealtimeTicket.TicketEventSource(url, { backoff: () => 100 });
              source.addEventListener("price", ({ data, lastEventId }) => got.push(`${lastEventId} ${data}`));
              source.onerror = ({ error }) => errors.push(error?.reason ?? "ended");
              source.open();
            }""";

    private static Browser browser;

    @AutoClose
    private static ChatSite site;

    @BeforeAll
    static void start() throws Exception {
        browser = Chromium.browser();
        site = ChatSite.start();
    }

    @ParameterizedTest
    @EnumSource
    void t14_aStreamThatEndsIsTakenUpWithANewTicketUntilTheLogout(EventStream.Stack stack) throws Exception {
        try (ChatPage alice = BlankPage.open(browser, site.origin(), "");
                var stream = EventStream.start(stack, site.store(), site.origin())) {
            alice.page().evaluate(LISTEN, stream.url());
            alice.page().waitForFunction("got.length >= 4");
            assertThat(alice.page().evaluate("got.slice(0, 4).join()"))
                    .isEqualTo("1 for alice,2 for alice,3 for alice,4 for alice");
            assertThat(stream.queries().get(0)).matches("ticket=[\\w-]{27}");
            assertThat(stream.queries().get(1)).matches("ticket=[\\w-]{27}&lastEventId=1");
            assertThat(stream.queries().get(2)).matches("ticket=[\\w-]{27}&lastEventId=2");
            assertThat(stream.queries().stream().map(query -> query.substring(0, 34)))
                    .doesNotHaveDuplicates();

            alice.logOutInAnotherTab();

            alice.page().waitForFunction("source.readyState === 2");
            assertThat(alice.page().evaluate("errors.at(-1)")).isEqualTo("logged-out");
            int requests = stream.queries().size();
            alice.page().waitForTimeout(1_500);
            assertThat(stream.queries()).hasSize(requests);
            assertThat(stream.heard(TicketEvent.Redeemed.class)).hasSize(requests);
            assertThat(stream.heard(TicketEvent.Refused.class)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatCompletesFailsOrTimesOutAsksTheGateOnceAndSaysNothingOfIt(EventStream.Stack stack)
            throws Exception {
        try (var stream = EventStream.start(stack, site.store(), site.origin())) {
            for (EventStream.End ignored : EventStream.End.values()) {
                try (var client = new Wire(stream.port())) {
                    client.send("GET /feed?ticket=" + stream.ticket()
                            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

                    assertThat(client.rest())
                            .startsWith("HTTP/1.1 200")
                            .contains("for alice")
                            .doesNotContain("status", "message", "\tat ");
                }
            }
            assertThat(stream.queries()).hasSize(3);
            assertThat(stream.heard(TicketEvent.Redeemed.class)).hasSize(3);
            assertThat(stream.heard(TicketEvent.Refused.class)).isEmpty();
        }
    }
}
