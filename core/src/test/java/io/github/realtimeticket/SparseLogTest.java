// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ResourceBundle;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SparseLogTest {

    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final SparseLog log = new SparseLog(new Kept(), System.Logger.Level.WARNING, Duration.ofMillis(500));

    @Test
    void itSpeaksAtOnceAndThenOnceASecondWithACount() throws InterruptedException {
        log.say("first", null);
        for (int i = 0; i < 100; i++) {
            log.say("again", null);
        }
        assertThat(said).containsExactly("first");
        said.clear();

        assertThat(said.poll(10, TimeUnit.SECONDS)).isEqualTo("again (and 99 more since it was last said)");
    }

    @Test
    void whatComesAloneIsSaidWithoutACount() throws InterruptedException {
        log.say("first", null);
        log.say("second", null);

        assertThat(said.take()).isEqualTo("first");
        assertThat(said.poll(10, TimeUnit.SECONDS)).isEqualTo("second");
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
