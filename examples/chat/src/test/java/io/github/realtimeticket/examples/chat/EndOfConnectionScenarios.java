// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.github.realtimeticket.fixtures.Chromium;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What users see when a connection ends with its login, wherever the backend runs. */
abstract class EndOfConnectionScenarios {

    // Well below what would tell the page by itself, for a browser that has little of a busy machine.
    private static final ContainsTextOptions AT_ONCE = new ContainsTextOptions().setTimeout(15_000);

    private static Browser browser;

    private final List<ChatPage> pages = new ArrayList<>();

    @BeforeAll
    static void startChromium() {
        browser = Chromium.browser();
        PlaywrightAssertions.setDefaultAssertionTimeout(60_000);
    }

    /** The web application's. */
    abstract String origin();

    @AfterEach
    void closePages() {
        pages.forEach(ChatPage::close);
        assertThat(pages).allSatisfy(page -> assertThat(page.faults()).isEmpty());
    }

    @Test
    void aLogoutInOneTabClosesTheConnectionOfTheOther() {
        ChatPage alice = open().connected("alice");
        List<Integer> answers = new ArrayList<>();
        alice.page().onResponse(answer -> {
            if (answer.url().endsWith("/ticket/")) {
                answers.add(answer.status());
            }
        });

        alice.logOutInAnotherTab();

        assertThat(alice.ended()).containsText("You are logged out", AT_ONCE);
        assertThat(alice.status()).hasText("Logged out");
        assertThat(alice.lives()).hasCount(1);
        assertThat(alice.lives()).containsText("by the backend with 3000 (unauthorized): the login");
        assertThat(alice.titles()).hasText(new String[] {"Issued", "Carried", "Redeemed", "Closed"});
        assertThat(answers).containsExactly(401);
    }

    @Test
    void aLockedUserStaysAwayUntilUnlocked() {
        ChatPage admin = open().connected("admin");
        ChatPage bob = open().connected("bob");
        PageTraffic traffic = PageTraffic.of(bob.page());
        assertThat(admin.present()).hasCount(2);

        admin.button("Lock bob").click();

        assertThat(bob.ended()).containsText("You are locked", AT_ONCE);
        assertThat(bob.status()).hasText("Locked");
        assertThat(bob.titles()).hasText(new String[] {"Issued", "Carried", "Redeemed", "Closed"});
        assertThat(bob.lives()).containsText("by the backend with 3003 (forbidden): bob is locked");
        assertThat(admin.present()).hasCount(1);
        assertThat(traffic.posts()).isEmpty();

        bob.logIn("bob", "ticket");
        assertThat(bob.page().getByText("An administrator has locked this user."))
                .isVisible();

        admin.button("Unlock bob").click();
        assertThat(admin.button("Lock bob")).isVisible();
        bob.connected("bob");
        assertThat(admin.present()).hasCount(2);
    }

    private ChatPage open() {
        ChatPage page = ChatPage.in(browser, origin(), new Browser.NewContextOptions());
        pages.add(page);
        return page;
    }
}
