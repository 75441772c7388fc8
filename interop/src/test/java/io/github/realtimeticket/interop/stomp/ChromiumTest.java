// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.stomp;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Chromium;
import io.github.realtimeticket.interop.TicketRedis;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page that logs in, asks for a ticket, and connects with {@code @stomp/stompjs} over everything that {@code sockjs-client} has for it. */
class ChromiumTest {

    // Asks for a ticket unless it is given one, and answers what happened and with which transport.
    private static final String CONNECT = """
            async ([url, transport, given]) => {
              const issued = await fetch("/ticket/", { method: "POST" });
              const ticket = given ?? (await issued.json()).message;
              return new Promise((resolve) => {
                const said = [];
                const client = new StompJs.Client({
                  // It gives a transport what /info took, which may be next to nothing.
                  webSocketFactory: () =>
                    transport ? new SockJS(url, null, { transports: [transport], timeout: 20_000 }) : new WebSocket(url),
                  connectHeaders: { ticket },
                  reconnectDelay: 0,
                  onConnect(frame) {
                    said.push("connected as " + frame.headers["user-name"] + " by " + client.webSocket.transport);
                    client.subscribe("/app/me", (message) => {
                      said.push("answered " + message.body);
                      client.deactivate();
                    });
                  },
                  onStompError: (frame) => said.push("error " + frame.headers.message),
                  onWebSocketClose: ({ code }) => {
                    said.push("closed with " + code);
                    resolve([ticket, ...said]);
                  },
                });
                client.activate();
              });
            }
            """;

    private static Browser browser;

    @AutoClose
    private static TicketRedis redis;

    @AutoClose
    private static Application site;

    @AutoClose
    private static Page page;

    @AutoClose
    private static Page elsewhere;

    @BeforeAll
    static void start() throws Exception {
        browser = Chromium.browser();
        redis = new TicketRedis();
        site = ChatSite.start(redis);
        page = browser.newPage();
        elsewhere = browser.newPage();
        login(page, site.uri("http", "/").toString());
        login(elsewhere, "http://localhost:" + site.port() + "/");
    }

    private static void login(Page page, String url) {
        page.navigate(url);
        page.fill("[name=username]", "alice");
        page.fill("[name=password]", "ticket");
        page.click("button");
        page.waitForURL(url + "**");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "websocket",
                "xhr-streaming",
                "eventsource",
                "htmlfile",
                "xhr-polling",
                "iframe-eventsource",
                "iframe-htmlfile",
                "iframe-xhr-polling"
            })
    void aTicketOfThisPageConnectsOnceOverSockJs(String transport) {
        List<String> first = connect(page, "/sockjs", transport, null);
        List<String> second = connect(page, "/sockjs", transport, first.get(0));

        assertThat(first).contains("connected as alice by " + transport, "answered alice");
        if (transport.endsWith("polling")) {
            // Spring closes such a session with this, and may drop an ERROR that no request waits for.
            assertThat(second)
                    .noneMatch(said -> said.startsWith("connected"))
                    .last()
                    .asString()
                    .matches("closed with (1002|3000)");
        } else {
            assertThat(second).endsWith("error unauthorized", "closed with 1002");
        }
    }

    @Test
    void aTicketOfThisPageConnectsOnceOverAWebSocket() {
        String url = site.uri("ws", "/stomp").toString();

        List<String> first = connect(page, url, null, null);
        List<String> second = connect(page, url, null, first.get(0));

        assertThat(first).contains("connected as alice by undefined", "answered alice");
        assertThat(second).endsWith("error unauthorized", "closed with 1002");
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "xhr-streaming", "eventsource", "xhr-polling"})
    void aTicketOfAPageOfAnotherAllowedOriginConnectsOverSockJs(String transport) {
        String url = site.uri("http", "/sockjs-of-pages").toString();

        assertThat(connect(elsewhere, url, transport, null))
                .contains("connected as alice by " + transport, "answered alice");
    }

    @Test
    void aPageOfAnotherAllowedOriginMaySendWhatNeedsAPreflight() {
        String own = "([url]) => fetch(url, { headers: { 'x-own': '1' } }).then(({ status }) => status, String)";

        assertThat(elsewhere.evaluate(
                        own, List.of(site.uri("http", "/sockjs-of-pages/info").toString())))
                .isEqualTo(200);
        assertThat(elsewhere.evaluate(
                        own, List.of(site.uri("http", "/sockjs/info").toString())))
                .asString()
                .contains("Failed to fetch");
    }

    @SuppressWarnings("unchecked")
    private static List<String> connect(Page page, String url, String transport, String ticket) {
        return (List<String>) page.evaluate(CONNECT, java.util.Arrays.asList(url, transport, ticket));
    }
}
