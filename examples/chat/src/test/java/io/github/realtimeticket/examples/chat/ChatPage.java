// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The chat in one browser of one user: what a user sees and does. */
final class ChatPage implements AutoCloseable {

    private final BrowserContext context;
    private final Page page;
    private final List<String> faults = new CopyOnWriteArrayList<>();

    private ChatPage(BrowserContext context) {
        this.context = context;
        page = context.newPage();
        page.onPageError(faults::add);
        page.onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")) {
                faults.add(message.text());
            }
        });
    }

    /** A new browser profile, with nobody logged in. */
    static ChatPage in(Browser browser, String origin, Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options.setBaseURL(origin));
        context.setDefaultTimeout(60_000);
        return new ChatPage(context);
    }

    @CanIgnoreReturnValue
    ChatPage logIn(String username, String password) {
        page.navigate("/");
        page.getByLabel("User name").fill(username);
        page.getByLabel("Password").fill(password);
        page.locator("form button[type=submit]").click();
        return this;
    }

    @CanIgnoreReturnValue
    ChatPage connected(String username) {
        logIn(username, "ticket");
        isConnected(username);
        return this;
    }

    void isConnected(String username) {
        assertThat(status()).hasText("Connected as " + username);
    }

    @CanIgnoreReturnValue
    ChatPage say(String text) {
        page.getByLabel("Message", new Page.GetByLabelOptions().setExact(true)).fill(text);
        button("Send").click();
        return this;
    }

    Locator status() {
        return page.locator("#status");
    }

    /** What is said when there will be no other connection. */
    Locator ended() {
        return page.locator("#ended");
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator words() {
        return page.locator(".message .words");
    }

    Locator present() {
        return page.locator("#present li");
    }

    /** The tickets in the panel, the newest first. */
    Locator lives() {
        return page.locator(".life");
    }

    /** What happened to the newest ticket, in order. */
    Locator titles() {
        return lives().first().locator(".title");
    }

    String fingerprint() {
        return lives().first().locator(".chip").innerText();
    }

    Page page() {
        return page;
    }

    /** Logs the user out in another page of the same browser profile. */
    void logOutInAnotherTab() {
        Page elsewhere = context.newPage();
        elsewhere.navigate("/");
        elsewhere
                .locator("button", new Page.LocatorOptions().setHasText("Log out"))
                .click();
        assertThat(elsewhere.getByText("You are logged out.")).isVisible();
    }

    List<String> faults() {
        return faults;
    }

    void shoot(String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "screenshots", name + ".png"))
                .setFullPage(true));
    }

    @Override
    public void close() {
        context.close();
    }
}
