// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What one server has told of itself, in order. Whoever becomes a primary makes up a new history, so a primary that was left for
 * another role or another history is not there again. Behind a proxy that asks one server after another it seems to be. Not
 * thread-safe.
 */
final class Succession {

    private static final int MOST = 64;

    private final Deque<Replication> left = new ArrayDeque<>();
    private @Nullable Replication last;
    private int inARow;
    private int changes;
    private boolean contradictory;

    /** Adds what was told now, and says whether one server can have told all of it. */
    boolean add(Replication now) {
        if (now.equals(last)) {
            inARow++;
            return !contradictory;
        }
        contradictory |= left.contains(now);
        if (last != null && last.primary()) {
            left.addLast(last);
        }
        if (left.size() > MOST) {
            left.removeFirst();
        }
        last = now;
        inARow = 1;
        changes++;
        return !contradictory;
    }

    /** How often the last has been told since it was told first. */
    int inARow() {
        return inARow;
    }

    /** How often it was another than before, the first one included. */
    int changes() {
        return changes;
    }
}
