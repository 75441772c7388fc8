// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Admission.Admitted;
import jakarta.websocket.Session;
import java.lang.ref.WeakReference;
import java.security.Principal;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * WebSockets whose handshake was admitted by ticket and answered, and that are not registered yet.
 *
 * <p>Jetty and Undertow tell nobody but its endpoint of a session, but show those that are open. There each is found by its user, whom its
 * handshake alone has shown. In Tomcat {@link TomcatUpgrade} registers it. Thread-safe.
 */
final class OpeningSessions {

    private static final System.Logger LOG = System.getLogger(OpeningSessions.class.getName());

    // A container opens what it has upgraded as soon as the request's thread has returned.
    private static final long NANOS_TO_OPEN = Duration.ofSeconds(30).toNanos();

    private final Queue<Opening> openings = new ConcurrentLinkedQueue<>();

    /** Whether one has been registered, or it has been said that one has not. */
    private final AtomicBoolean told = new AtomicBoolean();

    /** @param user nobody keeps it when its session is gone, or has never been there */
    private record Opening(
            Object container, WeakReference<Principal> user, Admitted admitted, String path, long since) {

        boolean isRegistered() {
            return admitted.connection().isPresent();
        }
    }

    /** Expects this {@code ServerContainer} to open what was asked for. */
    void expect(Object container, TicketRequest request, Admitted admitted) {
        var user = new WeakReference<Principal>(request.getUserPrincipal());
        openings.add(new Opening(container, user, admitted, request.getRequestURI(), System.nanoTime()));
    }

    boolean isEmpty() {
        return openings.isEmpty();
    }

    /** Registers those that are open by now. */
    void look(long now) {
        if (openings.removeIf(Opening::isRegistered)) {
            told.set(true);
        }
        openings.removeIf(opening -> opening.user().refersTo(null));
        var byUser = new IdentityHashMap<@Nullable Principal, Opening>();
        Set<Object> containers = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Opening opening : openings) {
            Principal user = opening.user().get();
            if (user != null) {
                byUser.put(user, opening);
                containers.add(opening.container());
            }
            if (now - opening.since() > NANOS_TO_OPEN) {
                warn(opening);
            }
        }
        containers.stream().flatMap(OpeningSessions::open).forEach(session -> {
            Opening found = byUser.get(user(session));
            if (found != null) {
                LiveSession.register(session, found.admitted());
            }
        });
    }

    // Jetty shows all of them, and Undertow those of each endpoint. By name, since a web application need not see the
    // classes of its container, and those of Jetty are others for each version of Jakarta EE.
    private static Stream<Session> open(Object container) {
        return Stream.concat(
                        show(container, "getOpenSessions"),
                        show(container, "getConfiguredServerEndpoints")
                                .flatMap(endpoint -> show(endpoint, "getOpenSessions")))
                .map(Session.class::cast);
    }

    private static Stream<?> show(Object container, String method) {
        try {
            return ((Collection<?>) container.getClass().getMethod(method).invoke(container)).stream();
        } catch (ReflectiveOperationException e) {
            return Stream.empty();
        }
    }

    // Whatever a container says of one session, others are to be found.
    private static @Nullable Principal user(Session session) {
        try {
            return session.getUserPrincipal();
        } catch (RuntimeException e) {
            return null;
        }
    }

    private void warn(Opening opening) {
        if (!told.getAndSet(true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The WebSocket at " + opening.path()
                            + " is not closed when its login ends: its container does not show"
                            + " it, or has never opened it. This is said once");
        }
    }
}
