// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.jdbc.JdbcTicketStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.security.authentication.ott.GenerateOneTimeTokenRequest;
import org.springframework.security.authentication.ott.JdbcOneTimeTokenService;
import org.springframework.security.authentication.ott.OneTimeTokenAuthenticationToken;

/**
 * Prints how many pairs a second, issued and redeemed, the store in a database makes, and Spring Security's {@code
 * JdbcOneTimeTokenService} in the same database: in turns, the median of several.
 */
public final class PairsInADatabase {

    private static final int ROUNDS = 5;
    private static final long ROUND_NANOS = Duration.ofSeconds(1).toNanos();
    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    private static final Executor NEW_THREADS = work -> new Thread(work).start();

    private PairsInADatabase() {}

    /** Measures with one thread and with eight, in H2 in memory and in a PostgreSQL of its own. */
    public static void main(String[] arguments) throws Exception {
        measure("H2", "jdbc:h2:mem:pairs;DB_CLOSE_DELAY=-1", "sa", "h2");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            String url = postgres.getJdbcUrl("postgres", "postgres");
            measure("PostgreSQL", url, "postgres", "postgresql");
            try (HikariDataSource pool = pool(url, "postgres")) {
                new JdbcTemplate(pool).execute("ALTER TABLE realtime_ticket SET LOGGED");
            }
            measure("PostgreSQL, our table logged as theirs is", url, "postgres", "postgresql");
        }
        // Their service has a scheduler whose thread would go on.
        System.exit(0);
    }

    private static void measure(String name, String url, String user, String schema) {
        try (HikariDataSource pool = pool(url, user);
                JdbcTicketStore store = JdbcTicketStore.builder(pool)
                        .timeout(Duration.ofSeconds(30))
                        .build()) {
            DatabasePopulatorUtils.execute(
                    new ResourceDatabasePopulator(
                            new ClassPathResource("io/github/realtimeticket/jdbc/schema-" + schema + ".sql")),
                    pool);
            // Theirs, whose own script is not for PostgreSQL.
            new JdbcTemplate(pool)
                    .execute("CREATE TABLE IF NOT EXISTS one_time_tokens (token_value VARCHAR(36) PRIMARY KEY,"
                            + " username VARCHAR(50) NOT NULL, expires_at TIMESTAMP NOT NULL)");
            Tickets tickets = Tickets.of(store);
            Gate gate = Gate.of(tickets);
            var theirs = new JdbcOneTimeTokenService(new JdbcTemplate(pool));
            var request = new GenerateOneTimeTokenRequest("alice", Duration.ofSeconds(10));
            for (int threads : new int[] {1, 8}) {
                List<Double> ours = new ArrayList<>();
                List<Double> others = new ArrayList<>();
                for (int round = 0; round <= ROUNDS; round++) {
                    double a = pairs(threads, () -> {
                        Ticket ticket =
                                tickets.issue(ALICE).toCompletableFuture().join();
                        require(gate.admit(ticket).toCompletableFuture().join() instanceof Admission.Admitted);
                    });
                    double b = pairs(threads, () -> {
                        String token = theirs.generate(request).getTokenValue();
                        require(theirs.consume(new OneTimeTokenAuthenticationToken(token)) != null);
                    });
                    // The first is for warming up.
                    if (round > 0) {
                        ours.add(a);
                        others.add(b);
                    }
                }
                System.out.printf(
                        "%s, %d threads: ours %,.0f pairs/s, theirs %,.0f, ratio %.2f%n",
                        name, threads, median(ours), median(others), median(ours) / median(others));
            }
        }
    }

    private static HikariDataSource pool(String url, String user) {
        var pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setUsername(user);
        pool.setMaximumPoolSize(8);
        return pool;
    }

    private static double pairs(int threads, Runnable pair) {
        var count = new LongAdder();
        long start = System.nanoTime();
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(CompletableFuture.runAsync(
                    () -> {
                        while (System.nanoTime() - start < ROUND_NANOS) {
                            pair.run();
                            count.increment();
                        }
                    },
                    NEW_THREADS));
        }
        workers.forEach(CompletableFuture::join);
        return count.sum() * 1e9 / (System.nanoTime() - start);
    }

    private static void require(boolean admitted) {
        if (!admitted) {
            throw new IllegalStateException("A ticket was lost");
        }
    }

    private static double median(List<Double> rounds) {
        return rounds.stream().sorted().skip(rounds.size() / 2).findFirst().orElseThrow();
    }
}
