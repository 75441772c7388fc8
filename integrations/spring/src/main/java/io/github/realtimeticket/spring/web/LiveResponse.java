// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Revocation;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request that was admitted by ticket, registered for as long as it takes (T16, T17). An asynchronous one, such as an event
 * stream, is completed when its login ends; one that a thread is writing ends with that thread. What becomes a WebSocket is taken over
 * where that is opened: {@link #upgraded} and {@link #upgradedTo}.
 *
 * <p>Thread-safe.
 */
public final class LiveResponse {

    private static final System.Logger LOG = System.getLogger(LiveResponse.class.getName());

    private static final String KEY = LiveResponse.class.getName();

    // A container opens what it has upgraded as soon as the request's thread has returned.
    private static final long SECONDS_TO_OPEN = 30;

    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private final CompletableFuture<@Nullable Void> opened = new CompletableFuture<>();
    private final AsynchronousAnswer asynchronous = new AsynchronousAnswer();
    private @Nullable LiveConnection connection;
    private LiveConnection.@Nullable Closing successor;
    private @Nullable Over over;
    private boolean upgraded;

    private LiveResponse() {}

    /** Goes on with a request that was admitted. */
    public static void register(
            Admitted admitted, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getAttribute(KEY) != null) {
            chain.doFilter(request, response);
            return;
        }
        var live = new LiveResponse();
        request.setAttribute(KEY, live);
        live.goOn(admitted.opened(live::close), request, response, chain);
    }

    /** What is registered of this request; nothing if no filter has admitted it. */
    public static Optional<LiveResponse> of(ServletRequest request) {
        return Optional.ofNullable((LiveResponse) request.getAttribute(KEY));
    }

    /** Says that a handshake has succeeded, so that there will be an {@link #upgradedTo} on whatever thread. Idempotent. */
    public void upgraded() {
        synchronized (this) {
            if (upgraded) {
                return;
            }
            upgraded = true;
        }
        // A client that has gone meanwhile is never opened, and nobody is told.
        CompletableFuture<@Nullable Void> unused = opened.orTimeout(SECONDS_TO_OPEN, TimeUnit.SECONDS)
                .exceptionally(late -> {
                    neverOpened();
                    return null;
                });
    }

    /**
     * Leaves the connection to whoever has opened it, from now on closed like this: at once if its login has ended since the request was
     * admitted.
     *
     * @return the connection, whose {@link LiveConnection#ended()} is to be called when it is gone
     */
    public LiveConnection upgradedTo(LiveConnection.Closing closing) throws Exception {
        Over before;
        LiveConnection live;
        synchronized (this) {
            upgraded = true;
            successor = closing;
            before = over;
            live = Objects.requireNonNull(connection);
        }
        opened.complete(null);
        if (before != null) {
            closing.close(before.code(), before.reason());
        }
        return live;
    }

    private void goOn(LiveConnection live, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        synchronized (this) {
            connection = live;
        }
        boolean goesOn = false;
        try {
            chain.doFilter(request, response);
            goesOn = isUpgraded() || (request.isAsyncStarted() && asynchronous.follow(request.getAsyncContext(), live));
            if (!goesOn && response.getStatus() == HttpServletResponse.SC_SWITCHING_PROTOCOLS) {
                warn(request);
            }
        } finally {
            if (!goesOn && !isUpgraded()) {
                live.ended();
            }
        }
    }

    private void close(int code, String reason) throws Exception {
        LiveConnection.Closing next;
        synchronized (this) {
            if (over == null) {
                over = new Over(code, reason);
            }
            next = successor;
        }
        if (next != null) {
            next.close(code, reason);
        } else {
            asynchronous.complete();
        }
    }

    private void neverOpened() {
        LiveConnection live;
        synchronized (this) {
            if (successor != null) {
                return;
            }
            over = new Over(Revocation.UNAUTHORIZED, "opened too late");
            live = Objects.requireNonNull(connection);
        }
        live.ended();
    }

    private synchronized boolean isUpgraded() {
        return upgraded;
    }

    private static void warn(HttpServletRequest request) {
        if (!TOLD.getAndSet(true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A WebSocket was opened by ticket that is not closed when its login ends, because neither Spring's"
                            + " @EnableWebSocket nor a LiveWebSockets bean serves it: " + request.getServletPath()
                            + ". This is said once");
        }
    }

    /** How the login has ended. */
    private record Over(int code, String reason) {}
}
