// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Route;

/** The chat's page with the browser client, but without the chat's own script: a test brings its own. */
final class BlankPage {

    private BlankPage() {}

    /** Opens it for alice, with this query. */
    static ChatPage open(Browser browser, String origin, String query) {
        var options = new Browser.NewContextOptions().setBypassCSP(true);
        ChatPage alice = ChatPage.in(browser, origin, options).connected("alice");
        alice.page().setDefaultTimeout(30_000);
        alice.page().route("**/js/main.js", Route::abort);
        alice.page().navigate("/?" + query);
        return alice;
    }
}
