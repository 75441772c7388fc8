// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.Revocation;
import java.time.Duration;
import java.time.Instant;
import org.springframework.web.server.WebSession;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Revokes what was issued in sessions that expire, where they are kept in memory by a store that tells nobody. A session is looked at when it
 * would expire, and once a minute, on Reactor's own threads for timers. Thread-safe.
 */
final class SessionExpiry implements AutoCloseable {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Revoker revoker;
    private volatile boolean closed;

    SessionExpiry(Revoker revoker) {
        this.revoker = revoker;
    }

    /** Looks at this session until it has expired, which is revoked, or until the answer is disposed of. */
    Disposable watch(WebSession session) {
        return Mono.defer(() -> Mono.delay(wait(session)))
                .repeat(() -> !closed && !session.isExpired())
                .doOnComplete(() -> revoke(session))
                .subscribe();
    }

    private void revoke(WebSession session) {
        if (!closed) {
            var unused = revoker.begin(Revocation.session(session.getId()));
        }
    }

    /** Revokes nothing from now on, and lets go of all sessions within a minute. */
    @Override
    public void close() {
        closed = true;
    }

    // An application may change how long a session lasts.
    private static Duration wait(WebSession session) {
        Duration idle = session.getMaxIdleTime();
        Duration left = Duration.between(
                        Instant.now(), session.getLastAccessTime().plus(idle))
                .plusMillis(1);
        if (idle.isNegative() || left.compareTo(LONGEST) > 0) {
            return LONGEST;
        }
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }
}
