// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The page in a new browser profile: what its user sees and does. */
final class RealtimePage implements AutoCloseable {

    static final int PATIENCE_MILLIS = 60_000;

    private final BrowserContext context;
    private final Page page;
    private final List<String> faults = new CopyOnWriteArrayList<>();

    RealtimePage(Browser browser, String origin) {
        context = browser.newContext(new Browser.NewContextOptions().setBaseURL(origin));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        page = context.newPage();
        page.onPageError(faults::add);
    }

    /** Logs in through the site's own form. */
    void logIn(String path, String name) {
        page.navigate(path);
        page.locator("input[name=username]").fill(name);
        page.locator("input[name=password]").fill("ticket");
        page.locator("form button").click();
    }

    void open() {
        page.navigate("/");
    }

    void click(String button) {
        page.locator("#" + button).click();
    }

    /** What the page has said so far, one element for each message and each end of a connection. */
    Locator said() {
        return page.locator("#said li");
    }

    /** The ticket that the page came with. */
    String ticket() {
        return page.locator("body").getAttribute("data-ticket");
    }

    List<String> faults() {
        return faults;
    }

    @Override
    public void close() {
        context.close();
    }
}
