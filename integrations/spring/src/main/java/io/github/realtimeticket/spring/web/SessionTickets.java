// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketLogin;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Binds tickets to the session of the user who asks, and revokes that when the session ends, by a logout, by invalidation or by itself (T16). A
 * bean of Spring Boot's, or a listener of the servlet container.
 *
 * <p>The session keeps the name it has in tickets as an attribute, so that a change of its id, as at a login, loses nothing. A session into
 * which the attributes of another one were copied has a name of its own: what ends the other one ends nothing here.
 *
 * <p>Thread-safe.
 */
public final class SessionTickets implements HttpSessionListener {

    private static final System.Logger LOG = System.getLogger(SessionTickets.class.getName());
    private static final String NAME = SessionTickets.class.getName();

    private final Revocations revocations;

    /** Revokes here. */
    public SessionTickets(Revocations revocations) {
        this.revocations = Objects.requireNonNull(revocations, "revocations");
    }

    /** The same grants, bound to the request's session if there is one, unless they say themselves to which. */
    public TicketGrants binding(TicketGrants grants) {
        return (user, request) -> grants.grant(user, request).flatMap(grant -> bound(grant, request));
    }

    private static Optional<TicketGrant> bound(TicketGrant grant, HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session == null || !(grant instanceof TicketGrant.Granted granted) || granted.session() != null) {
            return Optional.of(grant);
        }
        try {
            return Optional.of(new TicketGrant.Granted(
                    granted.holder(),
                    granted.audience(),
                    granted.timeToLive(),
                    granted.authorities(),
                    name(session),
                    granted.until()));
        } catch (IllegalStateException e) {
            // It has ended meanwhile: nobody is logged in.
            return Optional.empty();
        }
    }

    private static String name(HttpSession session) {
        // What was there when the session was made was copied from another one.
        String made = Long.toString(session.getCreationTime());
        if (session.getAttribute(NAME) instanceof String known && known.startsWith(made + " ")) {
            return known.substring(made.length() + 1);
        }
        String name = TicketLogin.session(session.getId());
        session.setAttribute(NAME, made + " " + name);
        return name;
    }

    /** Called by the container, before the session is gone. */
    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        if (!(event.getSession().getAttribute(NAME) instanceof String known)) {
            return;
        }
        String name = known.substring(known.indexOf(' ') + 1);
        CompletionStage<Void> unused = revocations
                .revoke(new Revocation(Revocation.Kind.SESSION, name, Revocation.UNAUTHORIZED))
                .whenComplete((nothing, fault) -> {
                    if (fault != null) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "The session " + name + " has ended, and its connections may be open still: " + fault);
                    }
                });
    }
}
