// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.MariaDb;
import io.github.realtimeticket.jdbc.JdbcTicketStore;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.lettuce.core.RedisURI;
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
 * Prints how many pairs a second, issued and redeemed, the store in a database makes, Spring Security's {@code
 * JdbcOneTimeTokenService} in the same database, and the store in Redis: in turns, the median of several.
 */
public final class PairsInADatabase {

    private static final int ROUNDS = 5;
    private static final long ROUND_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    private static final Executor NEW_THREADS = work -> new Thread(work).start();

    private PairsInADatabase() {}

    /**
     * Measures with one thread and with eight, in H2 in memory, in a PostgreSQL and a MariaDB of its own, and a Redis of its own, or the
     * one at the address that is given.
     */
    public static void main(String[] arguments) throws Exception {
        try (RedisForARun redis = RedisForARun.start(arguments);
                EmbeddedPostgres postgres = EmbeddedPostgres.start();
                RedisTicketStore inRedis = RedisTicketStore.builder(RedisURI.create(redis.url()))
                        .timeout(TIMEOUT)
                        .build()) {
            measure("H2", "jdbc:h2:mem:pairs;DB_CLOSE_DELAY=-1", "sa", "h2", inRedis);
            String url = postgres.getJdbcUrl("postgres", "postgres");
            measure("PostgreSQL", url, "postgres", "postgresql", inRedis);
            try (HikariDataSource pool = pool(url, "postgres")) {
                new JdbcTemplate(pool).execute("ALTER TABLE realtime_ticket SET LOGGED");
            }
            measure("PostgreSQL, our table logged as theirs is", url, "postgres", "postgresql", inRedis);
            measure("MariaDB", "jdbc:mariadb://127.0.0.1:" + MariaDb.start() + "/test", "root", "mariadb", inRedis);
        }
        // Their service has a scheduler whose thread would go on; and the MariaDB ends with the process.
        System.exit(0);
    }

    private static void measure(String name, String url, String user, String schema, TicketStore inRedis) {
        try (HikariDataSource pool = pool(url, user);
                JdbcTicketStore store =
                        JdbcTicketStore.builder(pool).timeout(TIMEOUT).build()) {
            DatabasePopulatorUtils.execute(
                    new ResourceDatabasePopulator(
                            new ClassPathResource("io/github/realtimeticket/jdbc/schema-" + schema + ".sql")),
                    pool);
            // Theirs, whose own script is not for PostgreSQL.
            new JdbcTemplate(pool)
                    .execute("CREATE TABLE IF NOT EXISTS one_time_tokens (token_value VARCHAR(36) PRIMARY KEY,"
                            + " username VARCHAR(50) NOT NULL, expires_at TIMESTAMP NOT NULL)");
            Runnable ours = pair(store);
            Runnable ourOther = pair(inRedis);
            var theirs = new JdbcOneTimeTokenService(new JdbcTemplate(pool));
            var request = new GenerateOneTimeTokenRequest("alice", Duration.ofSeconds(10));
            for (int threads : new int[] {1, 8}) {
                List<Double> a = new ArrayList<>();
                List<Double> b = new ArrayList<>();
                List<Double> c = new ArrayList<>();
                for (int round = 0; round <= ROUNDS; round++) {
                    if (round == 1) {
                        // The first was for warming up.
                        List.of(a, b, c).forEach(List::clear);
                    }
                    a.add(pairs(threads, ours));
                    b.add(pairs(threads, () -> {
                        String token = theirs.generate(request).getTokenValue();
                        require(theirs.consume(new OneTimeTokenAuthenticationToken(token)) != null);
                    }));
                    c.add(pairs(threads, ourOther));
                }
                System.out.printf(
                        "%s, %d threads: ours %,.0f pairs/s, theirs %,.0f, ratio %.2f; ours in Redis %,.0f, ratio %.2f%n",
                        name, threads, median(a), median(b), median(a) / median(b), median(c), median(c) / median(b));
            }
        }
    }

    private static Runnable pair(TicketStore store) {
        Tickets tickets = Tickets.of(store);
        Gate gate = Gate.of(tickets);
        return () -> {
            Ticket ticket = tickets.issue(ALICE).toCompletableFuture().join();
            require(gate.admit(ticket).toCompletableFuture().join() instanceof Admission.Admitted);
        };
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
