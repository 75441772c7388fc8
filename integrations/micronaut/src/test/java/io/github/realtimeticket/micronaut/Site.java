// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.TicketGrant;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.cookie.Cookie;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

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
        String page(HttpRequest<?> request) {
            return "<input name=\"_csrf\" value=\""
                    + site.user(request).map(User::csrf).orElse("") + "\">";
        }

        @Post(consumes = MediaType.APPLICATION_FORM_URLENCODED)
        HttpResponse<?> login(@Body("username") String username) {
            String session = UUID.randomUUID().toString();
            site.sessions.put(session, new User(username, UUID.randomUUID().toString()));
            return HttpResponse.ok().cookie(Cookie.of("session", session).path("/"));
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
