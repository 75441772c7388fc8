// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SparseLogTest {

    private final List<String> said = new ArrayList<>();
    private long now;
    private final SparseLog log = new SparseLog(new Kept(), System.Logger.Level.WARNING, () -> now);

    @Test
    void itSpeaksAtOnceAndThenOnceASecondWithACount() {
        log.say("first", null);
        for (int i = 0; i < 100; i++) {
            log.say("again", null);
        }
        now += Duration.ofSeconds(1).toNanos();
        log.say("later", null);
        now += Duration.ofSeconds(1).toNanos();
        log.say("last", null);

        assertThat(said).containsExactly("first", "later (and 100 more since it was last said)", "last");
    }

    private final class Kept implements System.Logger {

        @Override
        public String getName() {
            return "kept";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable thrown) {
            said.add(text);
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object... values) {
            said.add(format);
        }
    }
}
