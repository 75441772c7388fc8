// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import java.util.Objects;
import java.util.Optional;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.security.authentication.event.LogoutSuccessEvent;
import org.springframework.security.web.authentication.session.SessionFixationProtectionEvent;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Hears from Spring Security what no session tells: that a user has logged out and the session stays; and that a login has given a session of Spring Session another id. Thread-safe.
 */
public final class Logouts implements ApplicationListener<ApplicationEvent> {

    private final SessionEnds sessions;

    /** Has it revoked as the end of a session is. */
    public Logouts(SessionEnds sessions) {
        this.sessions = Objects.requireNonNull(sessions, "sessions");
    }

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        if (event instanceof LogoutSuccessEvent) {
            request().ifPresent(request -> sessions.loggedOut(request.getRequest()));
        } else if (event instanceof SessionFixationProtectionEvent login) {
            request().ifPresent(request -> sessions.idChanged(request.getRequest(), login.getOldSessionId()));
        }
    }

    private static Optional<ServletRequestAttributes> request() {
        return Optional.ofNullable(RequestContextHolder.getRequestAttributes())
                .filter(ServletRequestAttributes.class::isInstance)
                .map(ServletRequestAttributes.class::cast);
    }
}
