// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Revocation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request that was admitted by ticket, registered for as long as it takes (T16, T17): it is closed as its answer is, until it is handed over
 * to the WebSocket that it has become, on whatever thread: {@link #upgradedTo}. Thread-safe. For the packages of this module.
 */
public final class Handover {

    // A server opens what it has upgraded as soon as the request has returned.
    private static final long SECONDS_TO_OPEN = 30;

    private final Admitted admitted;
    private final LiveConnection.Closing answer;
    private final CompletableFuture<@Nullable Void> opened = new CompletableFuture<>();
    private LiveConnection.@Nullable Closing successor;
    private @Nullable Over over;
    private boolean upgrading;

    /** Of a request whose answer is ended like this. */
    public Handover(Admitted admitted, LiveConnection.Closing answer) {
        this.admitted = admitted;
        this.answer = answer;
    }

    /** Registers the request. */
    public void begin() {
        LiveConnection unused = admitted.opened(this::close);
    }

    /** Says that the request becomes a WebSocket, so that there will be an {@link #upgradedTo}. */
    public synchronized void upgrading() {
        upgrading = true;
    }

    /** Whether the request becomes a WebSocket, or has become one. */
    public synchronized boolean isUpgrading() {
        return upgrading;
    }

    /**
     * Leaves the closing to this from now on: at once if its login has ended since the request was admitted. Whoever has opened it says {@link
     * Admitted#ended()} when it is gone.
     */
    public void upgradedTo(LiveConnection.Closing closing) throws Exception {
        Over before;
        synchronized (this) {
            upgrading = true;
            successor = closing;
            before = over;
        }
        opened.complete(null);
        if (before != null) {
            closing.close(before.code(), before.reason());
        }
    }

    /**
     * Says that the request has returned. Whether it goes on as a WebSocket, which is open by now, or soon; it has ended if not.
     *
     * @param well whether the request was answered, so that a handshake may have succeeded
     */
    public boolean returned(boolean well) {
        if (!opened.isDone() && !(well && isUpgrading())) {
            admitted.ended();
            return false;
        }
        // A client that has gone meanwhile is never opened, and nobody is told.
        CompletableFuture<@Nullable Void> unused = opened.orTimeout(SECONDS_TO_OPEN, TimeUnit.SECONDS)
                .exceptionallyAsync(late -> {
                    neverOpened();
                    return null;
                });
        return true;
    }

    private void neverOpened() {
        synchronized (this) {
            if (successor != null) {
                return;
            }
            over = new Over(Revocation.UNAUTHORIZED, "opened too late");
        }
        admitted.ended();
    }

    private void close(int code, String reason) throws Exception {
        LiveConnection.Closing next;
        synchronized (this) {
            over = new Over(code, reason);
            next = successor == null ? answer : successor;
        }
        next.close(code, reason);
    }

    /** How the login has ended. */
    private record Over(int code, String reason) {}
}
