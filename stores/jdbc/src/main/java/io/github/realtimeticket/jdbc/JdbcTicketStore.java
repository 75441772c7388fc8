// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.Presentation;
import io.github.realtimeticket.RememberingTicketStore;
import io.github.realtimeticket.RememberingTicketStore.Taken;
import io.github.realtimeticket.Revision;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import io.github.realtimeticket.jdbc.TicketRows.Found;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A store in a database: PostgreSQL, MariaDB, MySQL or H2, through a {@link DataSource} that reaches the primary server.
 *
 * <p>Thread-safe, and only {@link #close()} blocks: the store waits for the database on threads of its own. A store can be made while
 * the database is down. Every operation ends within the timeout; one that is given up before it has begun is never begun, and
 * no statement is sent a second time (T5).
 *
 * <p><b>Storage details.</b> A row has the lower-case hexadecimal SHA-256 of the ticket, the bytes of {@link TicketValueCodec}, and
 * when it expires by the clock of the database. The jar has the table in {@code schema-postgresql.sql} and its like.
 *
 * <pre>
 * put   INSERT INTO realtime_ticket ...          a duplicate key is "was there already"
 * take  DELETE ... RETURNING ticket_value        PostgreSQL, MariaDB
 *       SELECT ... FROM OLD TABLE (DELETE ...)   H2
 *       SELECT, then DELETE with that value      MySQL: whoever deletes it has it
 * </pre>
 *
 * <p><b>Second presentation (T19).</b> With {@link #remembering() traces} of used tickets, a take leaves one behind, until the row expires, in one
 * transaction, in which one caller at a time has the row:
 *
 * <pre>
 * take  SELECT ticket_value ... FOR UPDATE, then UPDATE realtime_ticket SET ticket_value = '{"rt":{"presented":...}}'
 * </pre>
 *
 * <p><b>Revocations (T16).</b> {@link #revocations()} is a feed beside the tickets, in two tables of its own that the same scripts make, the names of
 * which begin with that of the tickets': {@code realtime_ticket_revocation} has the last 100,000, {@code realtime_ticket_revision} the last
 * position, which is the revision: the database's time in milliseconds, and a number without holes.
 *
 * <pre>
 * revoke  UPDATE realtime_ticket_revision ..., INSERT INTO realtime_ticket_revocation ...    one transaction: that row's lock orders all of them
 * feed    SELECT ... FROM realtime_ticket_revocation WHERE revocation_number &gt;= ? ...       twice a second
 * take    DELETE ... RETURNING ticket_value, (SELECT ... FROM realtime_ticket_revision)      PostgreSQL; H2 likewise
 *         BEGIN NOT ATOMIC SELECT ... FROM realtime_ticket_revision; DELETE ... RETURNING    MariaDB: one statement of two
 *         SELECT ticket_value, (SELECT ... FROM realtime_ticket_revision) ..., then DELETE   MySQL
 *         SELECT ticket_value, (SELECT ... FROM realtime_ticket_revision) ... FOR UPDATE     where traces are left
 * </pre>
 *
 * <p>A take has more read if there is more than has been told, and waits for that for half of the timeout at the most. A feed that has failed, or has not read on for three seconds, is not current: the gate
 * admits tickets of no session and no others. Each reading begins with the row that was read last. If that is not there any more, as after a restore or
 * an absence longer than what is kept, what comes next is gone, and all connections of sessions end.
 *
 * <p>Every other statement is a transaction of its own on a connection of its own, at READ COMMITTED. The transaction of a caller is never
 * joined, for its rollback would bring a redeemed ticket back. Whoever issues removes a few expired rows at every sixteenth ticket.
 */
public final class JdbcTicketStore implements TicketStore, AutoCloseable {

    /** Within which time an operation ends unless told otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);

    /** The name of the table unless told otherwise. */
    public static final String DEFAULT_TABLE = "realtime_ticket";

    private final Database database;
    private final Duration period;
    private final ExpiredRows expired;
    private volatile @Nullable JdbcRevocations revocations;

    JdbcTicketStore(DataSource dataSource, String table, Duration timeout, Duration period) {
        this.period = period;
        database = new Database(dataSource, table, timeout, BlockingWork.executor(), BlockingWork.answers());
        expired = new ExpiredRows(database);
    }

    /** A store in the database of this source, with the settings that are right. */
    public static JdbcTicketStore of(DataSource dataSource) {
        return builder(dataSource).build();
    }

    /** A store in the database of this source. */
    public static JdbcTicketStoreBuilder builder(DataSource dataSource) {
        return new JdbcTicketStoreBuilder(dataSource);
    }

    @Override
    public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
        TicketStore.requireTimeToLive(timeToLive);
        String hash = ticket.sha256();
        byte[] json = TicketValueCodec.encode(value);
        long milliseconds = Math.max(1, timeToLive.toMillis());
        return database.run(
                (connection, statements) -> new TicketRows(connection, statements).put(hash, json, milliseconds),
                expired.afterPut());
    }

    @Override
    public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
        String hash = ticket.sha256();
        return take((rows, told) -> rows.take(hash, told))
                .thenApply(found -> found.flatMap(taken -> TicketValueCodec.decode(taken.json)));
    }

    /** With traces of used tickets, in the tickets' rows until their time is over (T19). */
    @Override
    public Optional<RememberingTicketStore> remembering() {
        return Optional.of((ticket, presentation) -> {
            String hash = ticket.sha256();
            byte[] trace = presentation.json().getBytes(StandardCharsets.US_ASCII);
            return take((rows, told) -> rows.trace(hash, trace, told))
                    .thenApply(found -> found.map(taken -> taken(taken.json)).orElse(Taken.NOTHING));
        });
    }

    private CompletionStage<Optional<Found>> take(Taking taking) {
        JdbcRevocations feed = revocations;
        long now = System.nanoTime();
        CompletionStage<Asked> asked = database.run(
                (connection, statements) -> {
                    // Now that there is a connection: what has been read by now must be in the answer.
                    Revision before = feed == null ? null : feed.position();
                    return new Asked(before, taking.from(new TicketRows(connection, statements), feed != null));
                },
                () -> {});
        if (feed == null) {
            return asked.thenApply(Asked::found);
        }
        // Half of its time at the most is for the feed, so that a feed that hangs fails no ticket.
        long nanos = database.timeout().toNanos();
        return asked.thenCompose(taken -> taken.found().isEmpty()
                ? CompletableFuture.completedStage(taken.found())
                : feed.catchUp(
                                taken.before(),
                                taken.found().get().end,
                                Math.min(now + nanos, System.nanoTime() + nanos / 2))
                        .thenApply(caughtUp -> taken.found()));
    }

    /** @param before up to where had been told before it was asked for */
    private record Asked(@Nullable Revision before, Optional<Found> found) {}

    private static Taken taken(byte[] json) {
        TicketValue value = TicketValueCodec.decode(json).orElse(null);
        return new Taken(value, value == null ? Presentation.parse(json).orElse(null) : null);
    }

    /**
     * The feed of what is revoked, beside these tickets: always the same one, which ends with the store. The first call begins to read. From
     * then on a ticket that is taken waits until the feed has told what was revoked before, for which the last position is asked for with
     * the ticket.
     */
    public synchronized Revocations revocations() {
        JdbcRevocations feed = revocations;
        if (feed == null) {
            database.usesRevocations();
            feed = new JdbcRevocations(database, period);
            revocations = feed;
        }
        return feed;
    }

    /** Ends the store: operations fail from then on. Waits up to the timeout for what was begun. The data source stays open. */
    @Override
    public void close() {
        database.close();
    }

    private interface Taking {
        Optional<Found> from(TicketRows rows, boolean told) throws SQLException;
    }
}
