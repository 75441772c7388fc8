// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.TicketGrant;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.cookie.Cookie;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A web application that knows its users by a cookie. */
@Singleton
@Requires(property = "site", value = "true")
class Site {

    private final Map<String, User> sessions = new ConcurrentHashMap<>();

    private record User(String name, String csrf) {}

    private Optional<User> user(HttpRequest<?> request) {
        return request.getCookies().findCookie("session").map(Cookie::getValue).map(sessions::get);
    }

    /** Begins a session for a user that is named, and shows its CSRF token. */
    @Controller("/login")
    @Requires(property = "site", value = "true")
    static class Login {

        private final Site site;

        Login(Site site) {
            this.site = site;
        }

        @Get(produces = MediaType.TEXT_HTML)
        HttpResponse<String> login(
                @QueryValue @io.micronaut.core.annotation.Nullable String user, HttpRequest<?> request) {
            MutableHttpResponse<String> answer = HttpResponse.ok();
            if (user == null) {
                return answer.body(page(site.user(request).orElse(null)));
            }
            String session = UUID.randomUUID().toString();
            var known = new User(user, UUID.randomUUID().toString());
            site.sessions.put(session, known);
            return answer.body(page(known)).cookie(Cookie.of("session", session).path("/"));
        }

        private static String page(@Nullable User user) {
            return "<input name=\"_csrf\" value=\"" + (user == null ? "" : user.csrf()) + "\">";
        }
    }

    /** As what logs users in does: the user of a session is that of the request. */
    @ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
    @Requires(property = "site", value = "true")
    static class Users {

        private final Site site;

        Users(Site site) {
            this.site = site;
        }

        @RequestFilter
        void find(HttpRequest<?> request) {
            site.user(request).ifPresent(user -> request.setUserPrincipal(user::name));
        }
    }

    @Singleton
    @Requires(property = "site", value = "true")
    @Requires(missingProperty = "grants")
    static class Grants implements TicketGrants {

        private final Site site;

        Grants(Site site) {
            this.site = site;
        }

        @Override
        public Optional<? extends TicketGrant> grant(HttpRequest<?> request) {
            return TicketGrants.byPrincipal().grant(request);
        }

        @Override
        public boolean hasCsrfProof(HttpRequest<?> request) {
            return site.user(request)
                    .filter(user -> user.csrf().equals(request.getHeaders().get("X-CSRF-Token")))
                    .isPresent();
        }
    }
}
