// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A user of a Django site without a browser: keeps cookies, logs in through the form, sends the CSRF token. */
final class DjangoUser {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern FIELD = Pattern.compile("name=\"csrfmiddlewaretoken\" value=\"([^\"]+)\"");
    private static final Pattern TICKET = Pattern.compile("\"message\": \"([A-Za-z0-9_-]+)\"");
    private static final Pattern IN_PAGE = Pattern.compile("data-ticket=\"([^\"]*)\"");

    private final CookieManager cookies = new CookieManager();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(cookies)
            .build();
    private final String origin;

    DjangoUser(String origin) {
        this.origin = origin;
    }

    /** Logs in the user with this number. */
    DjangoUser logsIn(int number) throws IOException, InterruptedException {
        String form = find(FIELD, get("/login/").body());
        HttpResponse<String> answer = post(
                "/login/",
                "csrfmiddlewaretoken=" + form + "&username=" + number + "&password=ticket",
                "Content-Type",
                "application/x-www-form-urlencoded");
        if (answer.statusCode() != 302) {
            throw new IllegalStateException("The login of number " + number + " failed");
        }
        return this;
    }

    /** The ticket in the page; empty if there is none. */
    String pageTicket() throws IOException, InterruptedException {
        return find(IN_PAGE, get("/").body());
    }

    String ticket() throws IOException, InterruptedException {
        return find(TICKET, askForATicket().body());
    }

    /** Asks as a page does. */
    HttpResponse<String> askForATicket() throws IOException, InterruptedException {
        return post("/ticket/", "", "X-CSRFToken", csrfToken(), "Origin", origin);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(origin + path)));
    }

    HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(origin + path))
                .headers(headers)
                .POST(BodyPublishers.ofString(body)));
    }

    String csrfToken() {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals("csrftoken"))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElseThrow();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("Nothing matches " + pattern + " in\n" + text);
        }
        return matcher.group(1);
    }
}
