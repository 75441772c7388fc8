// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Admission.Admitted;
import jakarta.websocket.Session;
import java.security.Principal;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * WebSockets whose handshake was admitted by ticket and answered, and that are not registered yet.
 *
 * <p>Jetty and Undertow tell nobody but its endpoint of a session, but show those that are open. There each is found by its user, whom its
 * handshake alone has shown. In Tomcat {@link TomcatUpgrade} registers it, and elsewhere its endpoint may. Thread-safe.
 */
final class OpeningSessions {

    private static final System.Logger LOG = System.getLogger(OpeningSessions.class.getName());

    // A container opens what it has upgraded as soon as the request's thread has returned.
    private static final long NANOS_TO_OPEN = Duration.ofSeconds(30).toNanos();

    // A client that leaves at once is not found either, and is no fault.
    private static final int MISSING_TO_WARN = 3;

    private static final int MOST_WARNINGS = 16;
    private static final int MOST_PATHS = 1_000;

    private final Queue<Opening> openings = new ConcurrentLinkedQueue<>();

    /** The last paths where one has been found. */
    private final Set<String> found = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_PATHS;
        }
    });

    /** Those of which it has been said that none has. */
    private final Set<String> warned = new HashSet<>();

    private int missing;
    private boolean isFaultTold;

    private record Opening(Object container, Principal user, Admitted admitted, String path, long since) {

        boolean isRegistered() {
            return admitted.connection().isPresent();
        }
    }

    /** Expects this {@code ServerContainer} to open what was asked for. */
    void expect(Object container, TicketRequest request, Admitted admitted) {
        Principal user = Objects.requireNonNull(request.getUserPrincipal());
        openings.add(new Opening(container, user, admitted, request.getRequestURI(), System.nanoTime()));
    }

    boolean isEmpty() {
        return openings.isEmpty();
    }

    /** Registers those that are open by now, and gives up what has not opened in time. */
    synchronized void look(long now) {
        var byUser = new IdentityHashMap<@Nullable Principal, Opening>();
        Set<Object> containers = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Iterator<Opening> all = openings.iterator(); all.hasNext(); ) {
            Opening opening = all.next();
            if (opening.isRegistered()) {
                all.remove();
                found.add(opening.path());
            } else if (now - opening.since() > NANOS_TO_OPEN) {
                all.remove();
                warn(opening.path());
            } else {
                byUser.put(opening.user(), opening);
                containers.add(opening.container());
            }
        }
        containers.stream().flatMap(OpeningSessions::open).forEach(session -> register(session, byUser));
    }

    // Jetty shows all of them, and Undertow those of each endpoint. By name, since a web application need not see the
    // classes of its container, and those of Jetty are others for each version of Jakarta EE.
    private static Stream<?> open(Object container) {
        return Stream.concat(
                show(container, "getOpenSessions"),
                show(container, "getConfiguredServerEndpoints").flatMap(endpoint -> show(endpoint, "getOpenSessions")));
    }

    private static Stream<?> show(Object container, String method) {
        try {
            return ((Collection<?>) container.getClass().getMethod(method).invoke(container)).stream();
        } catch (ReflectiveOperationException e) {
            return Stream.empty();
        }
    }

    // Whatever a container says of one session, others are to be found.
    private void register(Object session, Map<@Nullable Principal, Opening> byUser) {
        try {
            Opening opening = byUser.get(((Session) session).getUserPrincipal());
            if (opening != null) {
                LiveSession.register((Session) session, opening.admitted());
            }
        } catch (RuntimeException e) {
            if (!isFaultTold) {
                isFaultTold = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Whose WebSocket it is cannot be seen, so that it may not be closed when its login ends: " + e
                                + ". This is said once");
            }
        }
    }

    private void warn(String path) {
        if (found.contains(path) || warned.contains(path) || warned.size() == MOST_WARNINGS) {
            return;
        }
        missing++;
        if (missing == MISSING_TO_WARN) {
            missing = 0;
            warned.add(path);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "WebSockets at " + path + " are not closed when their login ends: none has been found, since the"
                            + " container does not show them or a filter behind TicketFilter has changed the user, or"
                            + " clients left at once. Put configurator = TicketConfigurator.class on the endpoint and"
                            + " TicketConfigurator.opened(session) into its @OnOpen. This is said once for a path");
        }
    }
}
