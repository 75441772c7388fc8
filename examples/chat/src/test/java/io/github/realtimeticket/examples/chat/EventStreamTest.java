// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Chromium;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The browser client's event stream, over the browser's own. */
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

    @AutoClose
    private static Chromium chromium;

    @AutoClose
    private static ChatSite site;

    @BeforeAll
    static void start() throws Exception {
        chromium = Chromium.start();
        site = ChatSite.start();
    }

    @Test
    void t14_aStreamThatEndsIsTakenUpWithANewTicketUntilTheLogout() throws Exception {
        ChatPage alice = BlankPage.open(chromium.browser(), site.origin(), "");
        try (var stream = new EventStream(site.store(), site.origin())) {
            alice.page().evaluate(LISTEN, stream.url());
            alice.page().waitForFunction("got.length >= 3");
            assertThat(alice.page().evaluate("got.slice(0, 3).join()"))
                    .isEqualTo("1 for alice,2 for alice,3 for alice");
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
        }
        alice.close();
    }
}
