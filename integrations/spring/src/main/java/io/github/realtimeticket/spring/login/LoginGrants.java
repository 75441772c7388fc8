// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketGrant.Granted;
import io.github.realtimeticket.spring.web.TicketGrants;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes {@link TicketGrants} of the application's: the same, bound to the login with which the user asks: to the HTTP session; or, where the user came with a bearer token,
 * to the token's end and to the session that it names ({@code exp}, and {@code iss} with {@code sid}, of a JWT). What a grant says of its login itself stays.
 */
public final class LoginGrants {

    private LoginGrants() {}

    /**
     * The same grants, bound.
     *
     * @param revocable whether to bind to sessions, too, which needs somebody who revokes them
     * @param endingWithTokens whether to bind to the end of a bearer token
     */
    public static TicketGrants bound(TicketGrants grants, boolean revocable, boolean endingWithTokens) {
        Objects.requireNonNull(grants, "grants");
        return (user, request) -> {
            Optional<? extends TicketGrant> grant = grants.grant(user, request);
            if (grant.isEmpty() || !(grant.get() instanceof Granted granted)) {
                return grant;
            }
            Optional<BearerToken> token = BearerToken.of(user);
            if (token.isPresent()) {
                return token.get().bind(granted, revocable, endingWithTokens);
            }
            return revocable ? inSession(granted, request) : grant;
        };
    }

    private static Optional<Granted> inSession(Granted granted, HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        String read = LoginStart.session(request);
        if (session == null && read == null) {
            return Optional.of(granted);
        }
        if (session == null) {
            // The one that the user was read from has ended since.
            return Optional.empty();
        }
        try {
            // First the mark, before there is a ticket: whoever ends the session, or changes its id, from now on sees
            // it.
            if (granted.session() == null && session.getAttribute(SessionEnds.ISSUED) == null) {
                session.setAttribute(SessionEnds.ISSUED, true);
            }
            String id = session.getId();
            if (read != null && !read.equals(id) && !isOfItsOwnLogin(session, id, request)) {
                // It is of another login by now.
                return Optional.empty();
            }
            if (session.getAttribute(SessionEnds.REVOKED) != null) {
                // Somebody has logged in again, whose logout is to be told, too.
                session.removeAttribute(SessionEnds.REVOKED);
            }
            return Optional.of(granted.session() == null ? granted.withSession(id) : granted);
        } catch (IllegalStateException e) {
            // It has just ended, and with it the login.
            return Optional.empty();
        }
    }

    /**
     * Whether the request has logged its user in itself, and put this session in the place of another for that, as Spring Security's
     * {@code newSession()} and {@code migrateSession()} do. A session that it has begun for anything else keeps no login.
     */
    private static boolean isOfItsOwnLogin(HttpSession session, String id, HttpServletRequest request) {
        return LoginStart.hasBegun(request, id) && session.getAttribute(SessionEnds.LOGIN) != null;
    }
}
