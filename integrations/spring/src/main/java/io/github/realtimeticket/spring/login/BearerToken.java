// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.TicketGrant.Granted;
import java.security.Principal;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AbstractOAuth2Token;
import org.springframework.security.oauth2.core.ClaimAccessor;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.util.ClassUtils;

/**
 * The token that a user came with, as a resource server of Spring Security knows it. Where that is not there, nobody has one.
 *
 * @param expiresAt when it ends; {@code null} if it does not say
 * @param issuer who has issued it; {@code null} if it does not say
 * @param session the session at the identity provider that it belongs to ({@code sid}, OpenID Connect Front-Channel Logout 1.0 section 3);
 *     {@code null} if it does not say
 */
record BearerToken(
        @Nullable Instant expiresAt,
        @Nullable String issuer,
        @Nullable String session) {

    private static final boolean PRESENT = ClassUtils.isPresent(
            "org.springframework.security.oauth2.core.AbstractOAuth2Token", BearerToken.class.getClassLoader());

    private static final String ISSUER = "iss";
    private static final String SESSION = "sid";

    /** Nothing if the user came in another way. */
    static Optional<BearerToken> of(Principal user) {
        return PRESENT
                        && user instanceof Authentication known
                        && known.getCredentials() instanceof AbstractOAuth2Token token
                ? Optional.of(new BearerToken(
                        token.getExpiresAt(),
                        claim(ISSUER, token, known.getPrincipal()),
                        claim(SESSION, token, known.getPrincipal())))
                : Optional.empty();
    }

    /** The same grant, in this token's session, and for no longer than the token if it is to end with that; nothing then if it is over. */
    Optional<Granted> bind(Granted granted, boolean revocable, boolean ending) {
        Granted bound = granted;
        if (ending && bound.until() == null && expiresAt != null) {
            if (!expiresAt.isAfter(Instant.now())) {
                // Good still for a resource server, which allows for other clocks; a connection would be closed at
                // once.
                return Optional.empty();
            }
            bound = bound.withUntil(expiresAt);
        }
        return Optional.of(
                revocable && bound.session() == null && session != null
                        ? issuer == null ? bound.withSession(session) : bound.withSession(issuer, session)
                        : bound);
    }

    private static @Nullable String claim(String name, AbstractOAuth2Token token, @Nullable Object principal) {
        if (token instanceof ClaimAccessor claims) {
            return claims.getClaimAsString(name);
        }
        // What introspection has answered (RFC 7662).
        Object claim = principal instanceof OAuth2AuthenticatedPrincipal known ? known.getAttribute(name) : null;
        return claim == null ? null : claim.toString();
    }
}
