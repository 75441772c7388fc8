// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A user of the chat without a browser. */
final class WebUser {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(PATIENCE)
            .build();
    private final String origin;

    WebUser(String origin) {
        this.origin = origin;
    }

    /** Logs in and answers with the ticket in the chat's page. */
    String logIn(String username) throws IOException, InterruptedException {
        String csrf =
                find("name=\"_csrf\" value=\"([^\"]+)\"", send(HttpRequest.newBuilder(URI.create(origin + "/login"))));
        String chat = send(HttpRequest.newBuilder(URI.create(origin + "/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "_csrf=" + csrf + "&username=" + username + "&password=ticket")));
        return find("<meta name=\"realtime-ticket\" content=\"([^\"]+)\"", chat);
    }

    /** Opens a WebSocket with the ticket and answers with the first message. */
    String firstMessage(String realtimeUrl, String ticket) throws Exception {
        var first = new CompletableFuture<String>();
        var socket = http.newWebSocketBuilder()
                .connectTimeout(PATIENCE)
                .buildAsync(URI.create(realtimeUrl + "?ticket=" + ticket), new FirstMessage(first))
                .join();
        try {
            return first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }

    /** The status that a WebSocket with the ticket is refused with; 101 if it is not. */
    int status(String realtimeUrl, String ticket) {
        try {
            http.newWebSocketBuilder()
                    .buildAsync(URI.create(realtimeUrl + "?ticket=" + ticket), new WebSocket.Listener() {})
                    .join()
                    .abort();
            return 101;
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return refused.getResponse().statusCode();
            }
            throw e;
        }
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String find(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("Nothing matches " + pattern + " in\n" + text);
        }
        return matcher.group(1);
    }

    private record FirstMessage(CompletableFuture<String> text) implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.complete(data.toString());
            return CompletableFuture.completedFuture(null);
        }
    }
}
