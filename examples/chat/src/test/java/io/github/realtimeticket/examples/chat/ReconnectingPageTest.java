// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.github.realtimeticket.fixtures.Chromium;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The browser client in the chat's page when backends, networks and logins come and go. */
class ReconnectingPageTest {

    private static Browser browser;

    @AutoClose
    private static ChatSite site;

    private ChatPage alice;
    private PageTraffic traffic;

    /** The first attempt after a loss may have failed already. */
    private static final Pattern WAITS = Pattern.compile("(Connection lost|Not connected)[.] Next attempt in .*");

    @BeforeAll
    static void start() throws Exception {
        browser = Chromium.browser();
        PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
        site = ChatSite.start("--realtime-ticket.time-to-live=2s");
    }

    @BeforeEach
    void open() {
        alice = ChatPage.in(browser, site.origin(), new Browser.NewContextOptions());
        traffic = PageTraffic.of(alice.page());
    }

    @AfterEach
    void neitherFaultsNorTicketsAreTold() {
        alice.close();
        assertThat(alice.faults()).isEmpty();
        assertThat(traffic.tickets()).doesNotHaveDuplicates().allSatisfy(ticket -> assertThat(traffic.words())
                .noneMatch(text -> text.contains(ticket)));
    }

    @Test
    void t14_aServerThatIsStartedAgainIsConnectedToWithANewTicket() throws Exception {
        alice.connected("alice");

        site.whileStopped(() -> assertThat(alice.status()).hasText(WAITS));

        assertThat(alice.status()).hasText("Connected as alice");
        assertThat(traffic.tickets()).hasSizeGreaterThan(1);
        assertThat(traffic.posts())
                .hasSizeGreaterThanOrEqualTo(traffic.tickets().size() - 1);
    }

    @Test
    void aLogoutWhileTheBackendIsAwayEndsItToo() throws Exception {
        alice.connected("alice");
        site.whileStopped(() -> {
            assertThat(alice.status()).hasText(WAITS);
            alice.logOutInAnotherTab();
        });

        assertThat(alice.status()).hasText("Logged out");
        int posts = traffic.posts().size();
        int tickets = traffic.tickets().size();
        alice.page().waitForTimeout(3_000);
        assertThat(traffic.posts()).hasSize(posts);
        assertThat(traffic.tickets()).hasSize(tickets);
    }

    @Test
    void aFirstTicketWhoseTimeIsOverIsNotTried() {
        alice.page().route("**/js/main.js", route -> {
            alice.page().waitForTimeout(2_500);
            route.resume();
        });

        alice.connected("alice");

        assertThat(alice.lives()).hasCount(1);
        assertThat(alice.lives().first()).containsText("by POST /ticket/");
        assertThat(traffic.posts()).hasSize(1);
        assertThat(traffic.tickets()).hasSize(1);
    }

    @Test
    void theNetworksReturnEndsALongWait() throws Exception {
        alice.connected("alice");
        alice.page().context().setOffline(true);
        site.whileStopped(() -> {});
        assertThat(alice.status())
                .hasText(
                        Pattern.compile("No ticket issued. Next attempt in ([4-9]|[1-3][0-9])\\..*"),
                        new LocatorAssertions.HasTextOptions().setTimeout(60_000));

        alice.page().context().setOffline(false);

        assertThat(alice.status())
                .hasText("Connected as alice", new LocatorAssertions.HasTextOptions().setTimeout(3_500));
        assertThat(traffic.tickets()).hasSize(2);
    }
}
