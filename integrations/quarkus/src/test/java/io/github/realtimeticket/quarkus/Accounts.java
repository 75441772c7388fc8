// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketHolder;
import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.AuthenticationRedirectException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TrustedAuthenticationRequest;
import io.quarkus.security.identity.request.UsernamePasswordAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The users of the {@link Site}: whoever knows the password {@code ticket}. */
@Singleton
class Accounts {

    private final Map<String, String> csrf = new ConcurrentHashMap<>();

    int idOf(String username) {
        return username.length();
    }

    /** The CSRF token of this user's pages. */
    Optional<String> csrfOf(SecurityIdentity user) {
        return Optional.ofNullable(csrf.get(user.getPrincipal().getName()));
    }

    void page(@Observes Router router) {
        router.get("/login").blockingHandler(page -> {
            String token = TicketGrants.user(page)
                    .map(user -> csrf.computeIfAbsent(user.getPrincipal().getName(), unused -> UUID.randomUUID()
                            .toString()))
                    .orElse("none");
            page.end("<input name=\"_csrf\" value=\"" + token + "\">");
        });
    }

    private static Uni<SecurityIdentity> identity(String username) {
        return Uni.createFrom()
                .item(QuarkusSecurityIdentity.builder()
                        .setPrincipal(new QuarkusPrincipal(username))
                        .build());
    }

    /** Says of the accounts whom a ticket stands for. */
    @Alternative
    @Singleton
    static class Grants {

        @Produces
        @Singleton
        TicketGrants grants(Accounts accounts) {
            return TicketGrants.to(user -> {
                String name = user.getPrincipal().getName();
                return TicketHolder.of(accounts.idOf(name), name);
            });
        }
    }

    @Singleton
    static class ByPassword implements IdentityProvider<UsernamePasswordAuthenticationRequest> {

        @Override
        public Class<UsernamePasswordAuthenticationRequest> getRequestType() {
            return UsernamePasswordAuthenticationRequest.class;
        }

        @Override
        public Uni<SecurityIdentity> authenticate(
                UsernamePasswordAuthenticationRequest request, AuthenticationRequestContext context) {
            return switch (new String(request.getPassword().getPassword())) {
                case "ticket" -> identity(request.getUsername());
                case "expired" -> Uni.createFrom().failure(new AuthenticationCompletionException());
                case "elsewhere" -> Uni.createFrom().failure(new AuthenticationRedirectException("/login"));
                default -> Uni.createFrom().failure(new AuthenticationFailedException());
            };
        }
    }

    /** Who has logged in before. One user is locked whenever it has been read who that is. */
    @Singleton
    static class ByCookie implements IdentityProvider<TrustedAuthenticationRequest> {

        static final String LOCKED = "mallory";

        @Inject
        Revocations revocations;

        @Override
        public Class<TrustedAuthenticationRequest> getRequestType() {
            return TrustedAuthenticationRequest.class;
        }

        @Override
        public Uni<SecurityIdentity> authenticate(
                TrustedAuthenticationRequest request, AuthenticationRequestContext context) {
            Uni<SecurityIdentity> identity = identity(request.getPrincipal());
            return request.getPrincipal().equals(LOCKED)
                    ? identity.call(read ->
                            Uni.createFrom().completionStage(() -> revocations.revoke(Revocation.holder(LOCKED))))
                    : identity;
        }
    }
}
