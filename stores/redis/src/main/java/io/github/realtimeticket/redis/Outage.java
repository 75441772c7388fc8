// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** Tells the operator once that Redis cannot be used, and once that it can be again. Thread-safe. */
final class Outage {

    private static final System.Logger LOG = System.getLogger(RedisTicketStore.class.getName());

    /** A program that starts may be too busy to hear its first answer for so long. */
    private static final long START = Duration.ofSeconds(6).toNanos();

    private final String lost;
    private final String back;
    private final long quiet;
    private final AtomicReference<State> state = new AtomicReference<>(State.NONE);
    private final long madeAt = System.nanoTime();
    private volatile long lastFault;
    private volatile boolean heard;

    /**
     * @param lost what the log says when it begins, before the reason
     * @param back what it says when it is over
     * @param quiet how long nothing must have failed until it is over: of a Cluster, other nodes may answer all the while
     */
    Outage(String lost, String back, Duration quiet) {
        this.lost = lost;
        this.back = back;
        this.quiet = quiet.toNanos();
    }

    /** One that nobody is told of. */
    static Outage untold() {
        var outage = new Outage("", "", Duration.ZERO);
        outage.isOver();
        return outage;
    }

    /** Whether this has been told, now or before. */
    @CanIgnoreReturnValue
    boolean begins(Throwable fault) {
        lastFault = System.nanoTime();
        if (!heard && lastFault - madeAt < START && RedisFaults.isSilence(fault)) {
            return false;
        }
        if (state.compareAndSet(State.NONE, State.LASTS)) {
            LOG.log(Level.WARNING, lost + ": " + RedisFaults.reason(fault));
        }
        return true;
    }

    void ends() {
        if (!heard) {
            heard = true;
        }
        if (state.get() == State.LASTS
                && System.nanoTime() - lastFault >= quiet
                && state.compareAndSet(State.LASTS, State.NONE)) {
            LOG.log(Level.INFO, back);
        }
    }

    /** The store is closed: what fails from now on is no outage. */
    void isOver() {
        state.set(State.CLOSED);
    }

    private enum State {
        NONE,
        LASTS,
        CLOSED
    }
}
