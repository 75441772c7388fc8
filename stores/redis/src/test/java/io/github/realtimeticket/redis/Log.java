// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the store logs from now on, and not on the console. */
final class Log extends Handler implements AutoCloseable {

    private final Logger logger = Logger.getLogger(RedisTicketStore.class.getName());
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    Log() {
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    List<String> said(Level level) {
        return records.stream()
                .filter(line -> line.getLevel().equals(level))
                .map(LogRecord::getMessage)
                .toList();
    }

    List<Throwable> stackTraces() {
        return records.stream()
                .map(LogRecord::getThrown)
                .filter(thrown -> thrown != null)
                .toList();
    }

    void await(Level level) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (said(level).isEmpty() && System.nanoTime() < end) {
            Fixture.pause();
        }
        assertThat(said(level)).isNotEmpty();
    }

    @Override
    public void publish(LogRecord line) {
        records.add(line);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
