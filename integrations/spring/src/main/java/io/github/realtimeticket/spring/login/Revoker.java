// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationQueue;
import io.github.realtimeticket.Revocations;
import java.util.concurrent.CompletableFuture;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * Revokes by a {@link RevocationQueue} for an application that goes on with something else, such as a logout.
 *
 * <p>In a request it waits until the revocation is kept, two seconds at most; elsewhere it does not wait. It never fails. A {@link
 * Revocation} that the application publishes as an event is revoked, too.
 *
 * <p>Thread-safe.
 */
public final class Revoker implements ApplicationListener<PayloadApplicationEvent<Revocation>>, AutoCloseable {

    // Spring's own: Spring Boot no longer hears java.util.logging when beans are destroyed and its server ends
    // sessions.
    private static final Log LOG = LogFactory.getLog(Revoker.class);

    private final RevocationQueue queue;

    /** Tells these. */
    public Revoker(Revocations revocations) {
        queue = new RevocationQueue(revocations, LOG::warn);
    }

    /** Sees to it that this is revoked. */
    public void revoke(Revocation revocation) {
        CompletableFuture<@Nullable Void> done = begin(revocation);
        if (RequestContextHolder.getRequestAttributes() != null) {
            done.join();
        }
    }

    /** Revokes what the event names. */
    @Override
    public void onApplicationEvent(PayloadApplicationEvent<Revocation> event) {
        revoke(event.getPayload());
    }

    /** Tries nothing again from now on, and says what is left. */
    @Override
    public void close() {
        queue.close();
    }

    /** The same without waiting: done when it is kept, or has failed once, or after two seconds. */
    CompletableFuture<@Nullable Void> begin(Revocation revocation) {
        return queue.add(revocation);
    }
}
