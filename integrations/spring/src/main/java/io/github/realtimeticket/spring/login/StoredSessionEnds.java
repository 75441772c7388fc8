// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.Revocation;
import java.util.Objects;
import org.springframework.context.ApplicationListener;
import org.springframework.session.events.SessionDestroyedEvent;

/**
 * As {@link SessionEnds}, in a reactive application with Spring Session: revokes what was issued in a session that expires or is deleted,
 * where its repository tells. Thread-safe, and never blocks.
 */
public final class StoredSessionEnds implements ApplicationListener<SessionDestroyedEvent> {

    private final Revoker revoker;

    /** Revokes here. */
    public StoredSessionEnds(Revoker revoker) {
        this.revoker = Objects.requireNonNull(revoker, "revoker");
    }

    @Override
    public void onApplicationEvent(SessionDestroyedEvent event) {
        if (TellingSession.holdsLogin(event.getSession().getAttributeNames())) {
            revoker.revoke(Revocation.session(event.getSessionId()));
        }
    }
}
