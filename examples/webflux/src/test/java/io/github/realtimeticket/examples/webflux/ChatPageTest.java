// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.webflux;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Chromium;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The example's page in a real browser: its WebSocket, and its event stream, which comes back with another ticket. */
class ChatPageTest {

    @Test
    void t14_thePageChatsAndItsStreamComesBackWithANewTicketUntilTheLogout() {
        Browser browser = Chromium.browser();
        try (var application = Application.start(WebFluxChat.class, "realtime-ticket.gate.paths=/realtime/**");
                // A server that is shut down waits for what is open.
                BrowserContext context = browser.newContext()) {
            context.setDefaultTimeout(60_000);
            Page page = context.newPage();
            List<String> streams = new CopyOnWriteArrayList<>();
            page.onRequest(request -> {
                if (request.url().contains("/realtime/listen")) {
                    streams.add(request.url());
                }
            });

            page.navigate(application.uri("http", "/login").toString());
            page.getByPlaceholder("Username").fill("alice");
            page.getByPlaceholder("Password").fill("ticket");
            page.locator("form button[type=submit]").first().click();
            Locator said = page.locator("#said li");
            assertThat(said).hasText(new String[] {"Hello alice", "Hello alice"});

            page.evaluate("socket.send('good day')");
            assertThat(said.getByText("alice: good day")).hasCount(2);

            page.evaluate("stream.reconnect()");
            assertThat(said.getByText("Hello alice")).hasCount(3);
            assertThat(streams)
                    .hasSize(2)
                    .doesNotHaveDuplicates()
                    .allMatch(url -> url.matches(".*[?]ticket=[\\w-]{27}"));

            Page elsewhere = context.newPage();
            elsewhere.navigate(application.uri("http", "/logout").toString());
            elsewhere.locator("form button[type=submit]").click();
            page.evaluate("stream.reconnect()");
            page.waitForFunction("stream.readyState === 2");
        }
    }
}
