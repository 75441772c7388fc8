// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.github.realtimeticket.fixtures.Chromium;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ChatPageTest {

    private static Browser browser;

    @AutoClose
    private static ChatSite site;

    private final List<ChatPage> pages = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        browser = Chromium.browser();
        PlaywrightAssertions.setDefaultAssertionTimeout(60_000);
        site = ChatSite.start();
    }

    @AfterEach
    void closePages() {
        pages.forEach(ChatPage::close);
        assertThat(pages).allSatisfy(page -> assertThat(page.faults()).isEmpty());
    }

    @Test
    void aUserWhoLogsInIsKnownByNameOnTheBackend() {
        ChatPage alice = open().connected("alice");

        assertThat(alice.titles()).hasText(new String[] {"Issued", "Carried", "Redeemed"});
        assertThat(alice.lives().first()).containsText("with the page");
        assertThat(alice.fingerprint()).matches("[0-9a-f]{8}");
        assertThat(alice.page().locator("#fingerprint")).hasText(alice.fingerprint());
        assertThat(alice.page().locator("#stage")).hasAttribute("data-state", "redeemed");
        assertThat(alice.page().locator("#stamp")).hasText("Used");
        assertThat(alice.page().locator("#left")).hasText(Pattern.compile("[0-9]\\.[0-9]"));
    }

    @Test
    void theWrongPasswordLogsNobodyIn() {
        ChatPage mallory = open().logIn("alice", "guess");

        assertThat(mallory.page().getByText("do not belong together")).isVisible();
        assertThat(mallory.page()).hasURL(Pattern.compile(".*/login\\?error"));
    }

    @Test
    void twoUsersTalkToEachOther() {
        ChatPage alice = open().connected("alice");
        ChatPage bob = open().connected("bob");

        alice.say("Hello <b>Bob</b> & all");
        assertThat(bob.words()).hasText(new String[] {"Hello <b>Bob</b> & all"});
        bob.say("Hello Alice");

        assertThat(alice.words()).hasText(new String[] {"Hello <b>Bob</b> & all", "Hello Alice"});
        assertThat(alice.present()).hasCount(2);
        assertThat(bob.present()).hasCount(2);
        bob.close();
        assertThat(alice.present()).hasCount(1);
    }

    @Test
    void theSameTicketOpensNothingASecondTime() {
        ChatPage alice = open().connected("alice");

        alice.button("Use this ticket again").click();

        assertThat(alice.titles()).hasText(new String[] {"Issued", "Carried", "Redeemed", "Carried again", "Refused"});
        assertThat(alice.lives()).hasCount(1);
        assertThat(alice.page().locator("#stamp")).hasText("Refused");
        alice.isConnected("alice");
    }

    @Test
    void aDroppedConnectionComesBackWithANewTicket() {
        ChatPage alice = open().connected("alice");
        String first = alice.fingerprint();

        alice.button("Drop the connection").click();

        assertThat(alice.lives()).hasCount(2);
        assertThat(alice.titles()).hasText(new String[] {"Issued", "Carried", "Redeemed"});
        assertThat(alice.lives().first()).containsText("by POST /ticket/");
        assertThat(alice.lives().last()).containsText("you dropped it");
        assertThat(alice.fingerprint()).isNotEqualTo(first);
        alice.isConnected("alice");
        alice.say("I am back");
        assertThat(alice.words()).hasText(new String[] {"I am back"});
    }

    @Test
    void aStaleTicketOfThePageIsFollowedByANewOne() {
        ChatPage alice = open().connected("alice");
        // Between the page's parsing and its modules, which run after it.
        alice.page()
                .addInitScript("document.addEventListener('readystatechange', () => document"
                        + ".querySelector('meta[name=realtime-ticket]').content = 'a'.repeat(27), { once: true })");

        Response unused = alice.page().reload();

        assertThat(alice.lives()).hasCount(2);
        alice.isConnected("alice");
        assertThat(alice.lives().last()).containsText("No connection");
        assertThat(alice.lives().first()).containsText("by POST /ticket/");
    }

    @Test
    void onlyAnAdministratorLocks() {
        ChatPage carol = open().connected("carol");

        assertThat(carol.page().locator("[data-locked]")).hasCount(0);
        assertThat(carol.page()
                        .evaluate("fetch('/locks/bob', { method: 'PUT', headers: RealtimeTicket.csrfHeaders() })"
                                + ".then(({ status }) => status)"))
                .isEqualTo(403);
    }

    private ChatPage open() {
        ChatPage page = ChatPage.in(browser, site.origin(), new Browser.NewContextOptions().setViewportSize(1280, 880));
        pages.add(page);
        return page;
    }
}
