// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a browser does: keeps cookies, logs in through the form, sends the CSRF token. */
final class Browser {

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    private static final Pattern TICKET = Pattern.compile("\"message\":\"([^\"]+)\",\"expires_in\"");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CookieManager cookies = new CookieManager();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(cookies)
            .build();
    private final String origin;
    private final String root;
    private String csrf = "";

    Browser(int port) {
        this(port, "");
    }

    Browser(int port, String contextPath) {
        origin = "http://127.0.0.1:" + port;
        root = origin + contextPath;
    }

    String origin() {
        return origin;
    }

    Browser logsIn(String user, String password) throws Exception {
        readCsrf();
        HttpResponse<String> answer = send(HttpRequest.newBuilder(uri("/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "username=" + user + "&password=" + password + "&_csrf=" + csrf)));
        if (answer.headers().firstValue("Location").orElse("").contains("error")) {
            throw new IllegalStateException("The login failed");
        }
        readCsrf();
        return this;
    }

    @CanIgnoreReturnValue
    Browser readCsrf() throws Exception {
        Matcher found = CSRF.matcher(get("/login").body());
        if (!found.find()) {
            throw new IllegalStateException("The login page has no CSRF token");
        }
        csrf = found.group(1);
        return this;
    }

    void forgets(String name) {
        cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .toList()
                .forEach(cookie -> assertThat(cookies.getCookieStore().remove(null, cookie))
                        .isTrue());
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return send(request(path, headers));
    }

    /** A POST with the CSRF token, and these header fields. */
    HttpResponse<String> post(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path, headers).POST(HttpRequest.BodyPublishers.noBody());
        return send(request.header("X-CSRF-TOKEN", csrf));
    }

    /** As {@link #post}, without waiting for the answer. */
    CompletableFuture<HttpResponse<String>> postLater(String path) {
        HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.noBody());
        return http.sendAsync(
                request.header("X-CSRF-TOKEN", csrf).timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    /** As {@link #get}, without waiting for the answer. */
    CompletableFuture<HttpResponse<String>> getLater(String path) {
        return http.sendAsync(request(path).timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    String ticket(String... headers) throws Exception {
        Matcher answer = TICKET.matcher(post("/ticket/", headers).body());
        if (!answer.find()) {
            throw new IllegalStateException("No ticket was issued");
        }
        return answer.group(1);
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create(root + path);
    }
}
