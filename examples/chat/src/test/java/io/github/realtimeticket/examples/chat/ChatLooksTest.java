// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.github.realtimeticket.fixtures.Chromium;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pages as people see them; the pictures are in {@code target/screenshots}. */
class ChatLooksTest {

    /** What a page is looked at on. */
    enum Screen {
        DESK(1280, 880, ColorScheme.LIGHT),
        DESK_AT_NIGHT(1280, 880, ColorScheme.DARK),
        TABLET(820, 1100, ColorScheme.LIGHT),
        PHONE(360, 740, ColorScheme.LIGHT),
        PHONE_AT_NIGHT(360, 740, ColorScheme.DARK);

        private final int width;
        private final int height;
        private final ColorScheme colors;

        Screen(int width, int height, ColorScheme colors) {
            this.width = width;
            this.height = height;
            this.colors = colors;
        }

        Browser.NewContextOptions options() {
            return new Browser.NewContextOptions()
                    .setViewportSize(width, height)
                    .setColorScheme(colors)
                    .setReducedMotion(ReducedMotion.REDUCE);
        }
    }

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
    void eachPageFitsItsScreen(Screen screen) {
        try (ChatPage alice = ChatPage.in(browser, site.origin(), screen.options());
                ChatPage bob = ChatPage.in(browser, site.origin(), screen.options());
                ChatPage admin = ChatPage.in(browser, site.origin(), screen.options())) {
            alice.page().navigate("/login");
            fits(alice, screen, "login");

            alice.connected("alice");
            bob.connected("bob");
            alice.say("Hello Bob! The realtime backend knew me at once.");
            bob.say("My ticket is used up, " + "a-very-long-word-without-a-place-to-break-it".repeat(3));
            assertThat(alice.words()).hasCount(2);
            alice.button("Use this ticket again").click();
            assertThat(alice.page().locator("#stamp")).hasText("Refused");

            fits(alice, screen, "chat");

            alice.logOutInAnotherTab();
            assertThat(alice.status()).hasText("Logged out");
            fits(alice, screen, "logged-out");

            admin.connected("admin");
            admin.button("Lock bob").click();
            assertThat(bob.status()).hasText("Locked");
            fits(bob, screen, "locked");
            fits(admin, screen, "admin");
            bob.logIn("bob", "ticket");
            fits(bob, screen, "login-locked");
            admin.button("Unlock bob").click();
            assertThat(admin.button("Lock bob")).isVisible();

            assertThat(List.of(alice, bob, admin))
                    .allSatisfy(page -> assertThat(page.faults()).isEmpty());
        }
    }

    private static void fits(ChatPage page, Screen screen, String name) {
        page.shoot(name + "-" + screen.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        Object width = page.page().evaluate("document.documentElement.scrollWidth");
        assertThat((Integer) width).isLessThanOrEqualTo(screen.width);
    }
}
