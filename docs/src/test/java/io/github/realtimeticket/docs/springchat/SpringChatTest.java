// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs.springchat;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Chromium;
import io.github.realtimeticket.fixtures.Connection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SpringChatTest {

    @AutoClose
    private static Application application;

    @BeforeAll
    static void start() {
        application = Application.start(
                SpringChat.class, "realtime-ticket.gate.paths=/realtime/**", "realtime-ticket.time-to-live=60s");
    }

    @Test
    void aTicketOpensASocketAndAnotherAStreamAndBothHearWhatIsSaid() throws Exception {
        URI chat = uri("ws", "/realtime/chat", "bob");
        URI listen = uri("http", "/realtime/listen", "carol");

        try (Connection bob = Connection.open(chat);
                Stream<String> lines = get(listen).body()) {
            Iterator<String> carol =
                    lines.filter(line -> line.startsWith("data:")).iterator();
            assertThat(bob.next()).isEqualTo("Hello bob");
            assertThat(carol.next()).isEqualTo("data:Hello carol");
            bob.send("good day");
            assertThat(bob.next()).isEqualTo("bob: good day");
            assertThat(carol.next()).isEqualTo("data:bob: good day");
        }
        assertThat(Connection.status(chat)).isEqualTo(401);
        assertThat(get(listen).statusCode()).isEqualTo(401);
    }

    @Test
    void thePageChats() {
        try (Page page = loggedIn(application)) {
            Locator said = page.locator("#said li");

            assertThat(said).hasText(new String[] {"Hello alice", "Hello alice"});
            page.evaluate("socket.send('good day')");
            assertThat(said.getByText("alice: good day")).hasCount(2);
        }
    }

    @Test
    void t17_thePageComesBackAtEachDeadlineUntilItsLoginIsOver() {
        try (var strict = Application.start(
                        SpringChat.class,
                        "realtime-ticket.gate.paths=/realtime/**",
                        "realtime-ticket.connection.maximum-age=2s");
                Page page = loggedIn(strict)) {
            page.waitForFunction("window.socket?.readyState === 1");
            page.evaluate("window.ends = [];"
                    + "socket.addEventListener('close', ({ code }) => ends.push(code));"
                    + "socket.addEventListener('error', ({ error }) => ends.push(error.reason));");

            page.waitForFunction("ends.length >= 1 && socket.readyState === 1");
            assertThat(page.evaluate("ends.join()")).asString().matches("3000(,3000)*");

            page.context().clearCookies();
            page.waitForFunction("socket.readyState === 3");
            assertThat(page.evaluate("ends.join()")).asString().matches("(3000,)+logged-out,1006");
        }
    }

    private static URI uri(String scheme, String path, String user) {
        return application.uri(scheme, path + "?ticket=" + application.issue(TicketHolder.of(user, user)));
    }

    private static HttpResponse<Stream<String>> get(URI uri) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofLines());
    }

    private static Page loggedIn(Application application) {
        Page page = Chromium.browser().newPage();
        page.setDefaultTimeout(60_000);
        page.navigate(application.uri("http", "/login").toString());
        page.getByPlaceholder("Username").fill("alice");
        page.getByPlaceholder("Password").fill("ticket");
        page.locator("form button[type=submit]").first().click();
        return page;
    }
}
