// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.logout.LogoutHandler;

/** Hears from Spring Security of a logout, before the session is invalidated, if it is. Thread-safe. */
public final class Logouts implements LogoutHandler {

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
}
