// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.Revocation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Objects;

/**
 * Revokes what was issued in a session when that ends, however it does, and what was issued under its old id when it gets another: whoever
 * has the page open comes back with a ticket of the new one. So nothing but a session's id is needed to end what is open, as where sessions
 * are known from another request or by another process.
 *
 * <p>Told by the servlet container, or by Spring Session where its repository tells. Thread-safe.
 */
public final class SessionEnds implements HttpSessionListener, HttpSessionIdListener {

    /** Where Spring Security keeps a login, spelled out because it may not be there. */
    static final String LOGIN = "SPRING_SECURITY_CONTEXT";

    /** On a session in which a ticket may have been issued, so that the end of any other is nobody's business. */
    static final String ISSUED = "io.github.realtimeticket.spring.login.ISSUED";

    /** On a session, and on a request, the id that was revoked last: a logout and the end of the session are one thing to tell. */
    static final String REVOKED = "io.github.realtimeticket.spring.login.REVOKED";

    private final Revoker revoker;

    /** Revokes here. */
    public SessionEnds(Revoker revoker) {
        this.revoker = Objects.requireNonNull(revoker, "revoker");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        HttpSession session = event.getSession();
        // Nothing is noted on it: Spring Session may store it again for that.
        if (concerns(session, session.getId(), false)) {
            revoker.revoke(Revocation.session(session.getId()));
        }
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String oldId) {
        revoke(event.getSession(), oldId);
    }

    /** The login of this request's session ends, and the session may not. To be called by a logout, before it invalidates the session, if it does. */
    public void loggedOut(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session != null && concerns(session, session.getId(), true)) {
            request.setAttribute(REVOKED, session.getId());
            revoker.revoke(Revocation.session(session.getId()));
        }
    }

    /** Revokes what was issued in this session, which goes on, when it had this id. */
    void revoke(HttpSession session, String id) {
        if (concerns(session, id, true)) {
            revoker.revoke(Revocation.session(id));
        }
    }

    /** Sessions of strangers come and go in any number. A login counts without the mark, which may be another process's, just now. */
    private static boolean concerns(HttpSession session, String id, boolean stays) {
        try {
            if (id.equals(session.getAttribute(REVOKED))
                    || (session.getAttribute(ISSUED) == null && session.getAttribute(LOGIN) == null)) {
                return false;
            }
            if (stays) {
                session.setAttribute(REVOKED, id);
            }
        } catch (IllegalStateException e) {
            // It is as good as gone, and shows or takes nothing any more.
        }
        return true;
    }
}
