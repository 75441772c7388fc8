// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Connections by something that they may have in common. One that has it alone, as most have, needs no set. Thread-safe. */
final class ConnectionIndex {

    /** A {@link LiveConnection}, or {@link Several}. */
    private final Map<Object, Object> found = new ConcurrentHashMap<>();

    /** Touched in a step of the map only. */
    private static final class Several extends HashSet<LiveConnection> {
        private static final long serialVersionUID = 1;
    }

    void add(Object key, LiveConnection connection) {
        found.compute(key, (same, there) -> {
            if (there == null) {
                return connection;
            }
            if (there instanceof Several several) {
                several.add(connection);
                return several;
            }
            var several = new Several();
            several.add((LiveConnection) there);
            several.add(connection);
            return several;
        });
    }

    /** Does nothing if it is not there. */
    void remove(Object key, LiveConnection connection) {
        found.computeIfPresent(key, (same, there) -> {
            if (there instanceof Several several) {
                several.remove(connection);
                return several.isEmpty() ? null : several;
            }
            return there == connection ? null : there;
        });
    }

    List<LiveConnection> find(Object key) {
        List<LiveConnection> copy = new ArrayList<>(1);
        found.computeIfPresent(key, (same, there) -> {
            if (there instanceof Several several) {
                copy.addAll(several);
            } else {
                copy.add((LiveConnection) there);
            }
            return there;
        });
        return copy;
    }

    int size() {
        return found.size();
    }

    boolean isEmpty() {
        return found.isEmpty();
    }
}
