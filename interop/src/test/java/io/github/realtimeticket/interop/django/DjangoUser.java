// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import io.github.realtimeticket.fixtures.WebUser;
import java.net.HttpCookie;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;

/** A user of a Django site without a browser: logs in through its form, sends its CSRF token. */
final class DjangoUser {

    private static final Pattern FIELD = Pattern.compile("name=\"csrfmiddlewaretoken\" value=\"([^\"]+)\"");
    private static final Pattern TICKET = Pattern.compile("\"message\": \"([A-Za-z0-9_-]+)\"");
    private static final Pattern IN_PAGE = Pattern.compile("data-ticket=\"([^\"]*)\"");

    private final WebUser user;

    DjangoUser(String origin) {
        user = new WebUser(origin);
    }

    /** Logs in the user with this number. */
    DjangoUser logsIn(int number) throws Exception {
        String form = WebUser.find(FIELD, get("/login/").body());
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
    String pageTicket(String... headers) throws Exception {
        return WebUser.find(IN_PAGE, user.get("/", headers).body());
    }

    String ticket() throws Exception {
        return WebUser.find(TICKET, askForATicket().body());
    }

    /** Asks as a page does. */
    HttpResponse<String> askForATicket() throws Exception {
        return post("/ticket/", "", "X-CSRFToken", csrfToken(), "Origin", user.origin());
    }

    HttpResponse<String> get(String path) throws Exception {
        return user.get(path);
    }

    HttpResponse<String> head(String path) throws Exception {
        return user.send(user.request(path).method("HEAD", BodyPublishers.noBody()));
    }

    HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        return user.send(user.request(path, headers).POST(BodyPublishers.ofString(body)));
    }

    String csrfToken() {
        return user.cookies().stream()
                .filter(cookie -> cookie.getName().equals("csrftoken"))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElseThrow();
    }
}
