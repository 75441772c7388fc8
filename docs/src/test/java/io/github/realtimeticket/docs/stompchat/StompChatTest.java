// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs.stompchat;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Chromium;
import io.github.realtimeticket.fixtures.Connection;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StompChatTest {

    @AutoClose
    private static Application application;

    @BeforeAll
    static void start() {
        application = Application.start(
                StompChat.class, "realtime-ticket.gate.stomp=true", "realtime-ticket.time-to-live=60s");
    }

    @Test
    void aTicketOpensOneSession() throws Exception {
        String connect =
                "CONNECT\naccept-version:1.2\nticket:" + application.issue(TicketHolder.of(7, "bob")) + "\n\n\0";

        try (Connection bob = Connection.open(application.uri("ws", "/stomp"))) {
            bob.send(connect);
            assertThat(bob.next()).startsWith("CONNECTED\n");
            bob.send("SUBSCRIBE\nid:1\ndestination:/app/hello\n\n\0");
            assertThat(bob.next()).endsWith("\n\nHello bob\0");
        }
        try (Connection again = Connection.open(application.uri("ws", "/stomp"))) {
            again.send(connect);
            assertThat(again.next()).startsWith("ERROR\nmessage:unauthorized\n");
        }
    }

    @Test
    void thePageChats() {
        try (Page page = loggedIn()) {
            Locator said = page.locator("#said li");

            assertThat(said).hasText(new String[] {"Hello alice"});
            page.evaluate("say('good day')");
            assertThat(said).hasText(new String[] {"Hello alice", "alice: good day"});
        }
    }

    private static Page loggedIn() {
        Page page = Chromium.browser().newPage();
        page.setDefaultTimeout(60_000);
        page.navigate(application.uri("http", "/login").toString());
        page.getByPlaceholder("Username").fill("alice");
        page.getByPlaceholder("Password").fill("ticket");
        page.locator("form button[type=submit]").first().click();
        return page;
    }
}
