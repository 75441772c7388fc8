// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationListener;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.logout.LogoutHandler;
import org.springframework.security.web.authentication.session.SessionFixationProtectionEvent;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Hears from Spring Security what not every session tells: a logout, before the session is invalidated, if it is; and that a login has given
 * the session another id. Thread-safe.
 */
public final class Logouts implements LogoutHandler, ApplicationListener<SessionFixationProtectionEvent> {

    private final SessionEnds sessions;

    /** Has it revoked as the end of a session is. */
    public Logouts(SessionEnds sessions) {
        this.sessions = Objects.requireNonNull(sessions, "sessions");
    }

    @Override
    public void logout(
            HttpServletRequest request, HttpServletResponse response, @Nullable Authentication authentication) {
        sessions.loggedOut(request);
    }

    @Override
    public void onApplicationEvent(SessionFixationProtectionEvent login) {
        if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes known) {
            sessions.idChanged(known.getRequest(), login.getOldSessionId());
        }
    }
}
