// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import io.github.realtimeticket.fixtures.Chromium;
import io.github.realtimeticket.fixtures.Missing;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A React page in StrictMode, which runs every effect twice. */
class StrictModeTest {

    /** Made by {@code npm run verify} of the browser client, where there is Node.js. */
    private static final Path PAGE = Path.of("../../clients/typescript/target/pages/strict-mode.js");

    private static Browser browser;

    @AutoClose
    private static ChatSite site;

    @AutoClose
    private ChatPage alice;

    @BeforeAll
    static void start() throws Exception {
        if (!Files.exists(PAGE)) {
            throw Missing.tool("No React page: the browser client was built without Node.js");
        }
        browser = Chromium.browser();
        site = ChatSite.start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kept", "made-in-the-effect"})
    void twoEffectsMakeOneRequestAndOneConnection(String kind) {
        alice = BlankPage.open(browser, site.origin(), "kind=" + kind + "&url=" + site.realtimeUrl());
        PageTraffic traffic = PageTraffic.of(alice.page());

        var unused = alice.page().addScriptTag(new Page.AddScriptTagOptions().setPath(PAGE));

        assertThat(alice.page().locator("#react p")).hasText("open");
        assertThat(alice.page().locator("body")).hasAttribute("data-effects", "++");
        alice.page().waitForTimeout(1_500);
        assertThat(traffic.posts()).hasSize(1);
        assertThat(traffic.tickets()).hasSize(1);
        alice.page().onWebSocket(socket -> traffic.posts().add("another connection"));
        alice.button("Leave").click();
        assertThat(alice.page().locator("#react p")).hasText("gone");
        alice.page().waitForTimeout(1_500);
        assertThat(traffic.posts()).hasSize(1);
    }
}
