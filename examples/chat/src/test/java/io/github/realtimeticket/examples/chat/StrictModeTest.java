// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A React page in StrictMode, which runs every effect twice. */
class StrictModeTest {

    /** Made by {@code npm run verify} of the browser client, where there is Node.js. */
    private static final Path PAGE = Path.of("../../clients/typescript/target/pages/strict-mode.js");

    private static Chromium chromium;
    private static ChatSite site;

    @BeforeAll
    static void start() throws Exception {
        if (!Files.exists(PAGE)) {
            String reason = "No React page: the browser client was built without Node.js";
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException(reason);
            }
            System.out.println("SKIPPED: the test in StrictMode. " + reason);
            Assumptions.abort(reason);
        }
        chromium = Chromium.start();
        site = ChatSite.start();
    }

    @AfterAll
    static void stop() {
        if (site != null) {
            site.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kept", "made-in-the-effect"})
    void twoEffectsMakeOneRequestAndOneConnection(String kind) {
        ChatPage alice =
                BlankPage.open(chromium.browser(), site.origin(), "kind=" + kind + "&url=" + site.realtimeUrl());
        Wire wire = Wire.of(alice.page());

        var unused = alice.page().addScriptTag(new Page.AddScriptTagOptions().setPath(PAGE));

        assertThat(alice.page().locator("#react p")).hasText("open");
        assertThat(alice.page().locator("body")).hasAttribute("data-effects", "++");
        alice.page().waitForTimeout(1_500);
        assertThat(wire.posts()).hasSize(1);
        assertThat(wire.tickets()).hasSize(1);
        alice.page().onWebSocket(socket -> wire.posts().add("another connection"));
        alice.button("Leave").click();
        assertThat(alice.page().locator("#react p")).hasText("gone");
        alice.page().waitForTimeout(1_500);
        assertThat(wire.posts()).hasSize(1);
        alice.close();
    }
}
