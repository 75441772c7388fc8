// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.spring.web.KnownRevision;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Notes, before a request's user is read, what is known of revocations, and from which session the user is read then. A client that sends its
 * body slowly makes any time pass until a ticket is issued, in which the user may be revoked, and the session may end. When the request gives the
 * session another id, of which not everybody who keeps sessions tells, what was issued under the old one is revoked.
 *
 * <p>It stands before whatever reads the user, and behind what puts another session into the request. It asks for no session itself, unless
 * the container has read a user. Thread-safe.
 */
public final class LoginStart implements Filter {

    private static final String SESSION = LoginStart.class.getName() + ".SESSION";
    private static final String BEGUN = LoginStart.class.getName() + ".BEGUN";

    private final Revocations revocations;
    private final SessionEnds sessions;

    /** Notes what is known of these revocations, and tells this of another id. */
    public LoginStart(Revocations revocations, SessionEnds sessions) {
        this.revocations = Objects.requireNonNull(revocations, "revocations");
        this.sessions = Objects.requireNonNull(sessions, "sessions");
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        request.setAttribute(KnownRevision.ATTRIBUTE, revocations.knownRevision());
        var noting = new Noting((HttpServletRequest) request, sessions);
        if (noting.getUserPrincipal() != null) {
            HttpSession unused = noting.getSession(false);
        }
        chain.doFilter(noting, response);
    }

    /**
     * The id of the first session that anybody has got from this request, or its id since this request has changed it; {@code null} if nobody has.
     * A session keeps no id: another login in the same browser gives it another.
     */
    static @Nullable String session(HttpServletRequest request) {
        return (String) request.getAttribute(SESSION);
    }

    /** Whether this request itself has begun the session with this id, which nobody else knows before it is answered. */
    static boolean hasBegun(HttpServletRequest request, String id) {
        return id.equals(request.getAttribute(BEGUN));
    }

    private static final class Noting extends HttpServletRequestWrapper {

        private final SessionEnds sessions;

        Noting(HttpServletRequest request, SessionEnds sessions) {
            super(request);
            this.sessions = sessions;
        }

        @Override
        public HttpSession getSession() {
            return getSession(true);
        }

        @Override
        public HttpSession getSession(boolean create) {
            HttpSession session = super.getSession(false);
            if (session == null && create) {
                session = super.getSession(true);
                setAttribute(BEGUN, session.getId());
            }
            if (session != null && getAttribute(SESSION) == null) {
                setAttribute(SESSION, session.getId());
            }
            return session;
        }

        @Override
        public String changeSessionId() {
            HttpSession session = super.getSession(false);
            String oldId = session == null ? null : session.getId();
            String id = super.changeSessionId();
            setAttribute(SESSION, id);
            if (session != null && oldId != null) {
                sessions.revoke(session, oldId);
            }
            return id;
        }
    }
}
