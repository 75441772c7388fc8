// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Ticket;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crash of PostgreSQL brings no redeemed ticket back, even where commits do not wait for the disk. */
class CrashTest {

    @Test
    void t4_afterACrashNoTicketIsThereAndNewOnesWorkAtOnce(@TempDir Path directory) throws Exception {
        Path data = directory.resolve("data");
        List<Ticket> tickets = new ArrayList<>();
        EmbeddedPostgres first = start(data);
        TestDatabase.execute(first.getPostgresDatabase(), TestDatabase.POSTGRESQL.schema());
        try (var store = JdbcTicketStore.of(first.getPostgresDatabase())) {
            for (int i = 0; i < 50; i++) {
                Ticket ticket = Samples.ticket();
                tickets.add(ticket);
                assertThat(Samples.await(store.put(ticket, Samples.value(), Duration.ofMinutes(5))))
                        .isTrue();
            }
            TestDatabase.execute(first.getPostgresDatabase(), "CHECKPOINT");
            for (Ticket ticket : tickets.subList(0, 25)) {
                assertThat(Samples.await(store.take(ticket))).isPresent();
            }
        }

        crash(data);
        // Nothing runs there any more; this lets go of the directory.
        first.close();

        try (EmbeddedPostgres second = start(data);
                var pool = new HikariDataSource()) {
            pool.setDataSource(second.getPostgresDatabase());
            try (JdbcTicketStore store = Samples.patient(pool)) {
                for (Ticket ticket : tickets) {
                    assertThat(Samples.await(store.take(ticket))).isEmpty();
                }
                Ticket ticket = Samples.ticket();
                assertThat(Samples.await(store.put(ticket, Samples.value(), Duration.ofMinutes(5))))
                        .isTrue();
                assertThat(Samples.await(store.take(ticket))).isPresent();
            }
        }
    }

    private static EmbeddedPostgres start(Path data) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("synchronous_commit", "off")
                .start();
    }

    /** What PostgreSQL calls an immediate shutdown: it is left as a crash leaves it. */
    private static void crash(Path data) throws Exception {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0));
        // Not every machine has the program, and every bash the command.
        Process kill = new ProcessBuilder("bash", "-c", "kill -QUIT " + pid).start();
        assertThat(kill.waitFor()).isZero();
        for (int i = 0; i < 100 && ProcessHandle.of(pid).isPresent(); i++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
