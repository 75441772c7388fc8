// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Says a fault at once and then, while it lasts, again after a second at the earliest, with how many there were: one line a second
 * and not one a request. Thread-safe.
 */
final class SparseLog {

    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final int KINDS = 100;

    private final Logger log;
    private final Map<String, Said> said = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Said> eldest) {
            return size() > KINDS;
        }
    };

    SparseLog(Logger log) {
        this.log = log;
    }

    /** A fault of this kind, in words without a secret. */
    void say(Level level, String kind, String text) {
        int kept;
        synchronized (said) {
            long now = System.nanoTime();
            Said last = said.get(kind);
            if (last != null && now - last.nanoTime < PAUSE) {
                last.kept++;
                return;
            }
            kept = last == null ? 0 : last.kept;
            said.put(kind, new Said(now));
        }
        log.log(level, kept == 0 ? text : text + " (and " + kept + " more since it was last said)");
    }

    private static final class Said {

        private final long nanoTime;
        private int kept;

        Said(long nanoTime) {
            this.nanoTime = nanoTime;
        }
    }
}
