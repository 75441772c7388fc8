// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SparseLogTest {

    private final List<String> said = new ArrayList<>();
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final SparseLog log = new SparseLog(new Kept(), System.Logger.Level.WARNING, later::add);
    private boolean broken;

    @Test
    void itSpeaksAtOnceAndThenOnceASecondWithACount() {
        log.say("first", null);
        for (int i = 0; i < 100; i++) {
            log.say("again", null);
        }
        aSecondPasses();
        log.say("another", null);
        aSecondPasses();
        aSecondPasses();
        log.say("last", null);

        assertThat(said).containsExactly("first", "again (and 99 more since it was last said)", "another", "last");
        assertThat(later).hasSize(1);
    }

    @Test
    void aLoggerThatThrowsIsAskedAgain() {
        broken = true;
        assertThatIllegalStateException().isThrownBy(() -> log.say("first", null));
        broken = false;
        aSecondPasses();

        log.say("second", null);

        assertThat(said).containsExactly("second");
    }

    private void aSecondPasses() {
        later.remove().run();
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
            if (broken) {
                throw new IllegalStateException("broken");
            }
            said.add(text);
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object... values) {
            said.add(format);
        }
    }
}
