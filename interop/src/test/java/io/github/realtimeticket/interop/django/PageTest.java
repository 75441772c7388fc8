// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.github.realtimeticket.fixtures.Chromium;
import io.github.realtimeticket.interop.TicketRedis;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page flow of the original: a ticket in the page, the others by jQuery's $.post('/ticket/'). */
class PageTest {

    private static final String ALICE = "{\"id\":1,\"username\":\"alice\"}";
    private static final String REFUSED = "closed with 1006";

    private static Browser browser;

    @AutoClose
    private static TicketRedis redis;

    private static Path scripts;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        browser = Chromium.browser();
        PlaywrightAssertions.setDefaultAssertionTimeout(RealtimePage.PATIENCE_MILLIS);
        redis = new TicketRedis();
        scripts = Scripts.in(directory);
    }

    @ParameterizedTest
    @EnumSource
    void aPageOfDjangoConnectsToAJavaBackend(Form form) throws Exception {
        try (Backend backend = new VertxBackend(redis.gate(form.keys()));
                DjangoSite site = DjangoSite.start(form, DjangoSite.NUMBERED, redis.port(), backend.url(), scripts);
                RealtimePage page = new RealtimePage(browser, site.origin())) {
            page.logIn("/login/", "1");
            assertThat(page.said()).hasText(new String[] {ALICE});

            page.click("again");
            assertThat(page.said()).hasText(new String[] {ALICE, ALICE});
            page.click("same");
            assertThat(page.said()).hasText(new String[] {ALICE, ALICE, REFUSED});

            page.click("logout");
            String nobody = form == Form.HASHED ? "no ticket: 401" : "no ticket: Not logged in";
            assertThat(page.said()).hasText(new String[] {nobody});
            assertThat(page.faults()).isEmpty();
        }
    }

    @Test
    void aPageOfSpringDoesTheSameWithTheSameScript() {
        try (SpringBackend site = SpringBackend.start(redis.port(), Form.HASHED, scripts);
                RealtimePage page = new RealtimePage(browser, site.origin())) {
            page.logIn("/login", "alice");
            assertThat(page.said()).hasText(new String[] {ALICE});

            page.click("again");
            assertThat(page.said()).hasText(new String[] {ALICE, ALICE});
            page.click("same");
            assertThat(page.said()).hasText(new String[] {ALICE, ALICE, REFUSED});
            assertThat(page.faults()).isEmpty();
        }
    }

    @Test
    void aPageThatIsShownAgainHasAnotherTicket() throws Exception {
        try (Backend backend = new VertxBackend(redis.gate(Form.HASHED.keys()));
                DjangoSite site =
                        DjangoSite.start(Form.HASHED, DjangoSite.NUMBERED, redis.port(), backend.url(), scripts);
                RealtimePage page = new RealtimePage(browser, site.origin())) {
            page.logIn("/login/", "1");
            assertThat(page.said()).hasText(new String[] {ALICE});
            String first = page.ticket();

            page.open();

            assertThat(page.said()).hasText(new String[] {ALICE});
            assertThat(page.ticket()).isNotEqualTo(first);
        }
    }
}
