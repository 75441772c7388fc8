// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import io.github.realtimeticket.testkit.TicketStoreContract;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Two statements with which others have let many in with one ticket; the contract finds both. */
class BrokenJdbcStoresTest {

    @Test
    void theCountOfADeleteThatNobodyLooksAt() {
        assertThat(failuresOf(SelectsThenDeletes.class))
                .anyMatch(test -> test.startsWith("t4_amongManyRedeemersOneReceivesTheHolder"));
    }

    @Test
    void theCountOfAnUpdateThatAlwaysIsOne() {
        assertThat(failuresOf(UpdatesWithoutCondition.class))
                .anyMatch(test -> test.startsWith("t4_amongManyRedeemersOneReceivesTheHolder"));
    }

    private static List<String> failuresOf(Class<?> contract) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(contract))
                .execute()
                .testEvents()
                .failed()
                .map(Event::getTestDescriptor)
                .map(test -> test.getDisplayName())
                .toList();
    }

    /** SELECT, then DELETE, and in with whoever has selected (CVE-2026-22751). */
    static final class SelectsThenDeletes extends Broken {
        SelectsThenDeletes() {
            super("SELECT ticket_value FROM broken WHERE ticket_hash = ?", "DELETE FROM broken WHERE ticket_hash = ?");
        }

        @Override
        boolean isMine(int count) {
            return true;
        }
    }

    /** A row is updated as often as somebody asks for it (CVE-2026-90997). */
    static final class UpdatesWithoutCondition extends Broken {
        UpdatesWithoutCondition() {
            super(
                    "SELECT ticket_value FROM broken WHERE ticket_hash = ? AND used = 0",
                    "UPDATE broken SET used = 1 WHERE ticket_hash = ?");
        }

        @Override
        boolean isMine(int count) {
            return count == 1;
        }
    }

    abstract static class Broken extends TicketStoreContract {

        private final HikariDataSource pool = TestDatabase.H2.pool(16);
        private final String select;
        private final String change;

        Broken(String select, String change) {
            this.select = select;
            this.change = change;
            TestDatabase.execute(
                    pool,
                    "CREATE TABLE IF NOT EXISTS broken"
                            + " (ticket_hash VARCHAR(64) PRIMARY KEY, ticket_value VARBINARY(4096), used INT DEFAULT 0)");
        }

        abstract boolean isMine(int count);

        @Override
        protected TicketStore store() {
            return new TicketStore() {
                @Override
                public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
                    try (Connection connection = pool.getConnection();
                            PreparedStatement insert = connection.prepareStatement(
                                    "INSERT INTO broken (ticket_hash, ticket_value) VALUES (?, ?)")) {
                        insert.setString(1, ticket.sha256());
                        insert.setBytes(2, TicketValueCodec.encode(value));
                        return CompletableFuture.completedFuture(insert.executeUpdate() == 1);
                    } catch (SQLException e) {
                        return CompletableFuture.completedFuture(false);
                    }
                }

                @Override
                public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                    try (Connection connection = pool.getConnection();
                            PreparedStatement find = connection.prepareStatement(select);
                            PreparedStatement use = connection.prepareStatement(change)) {
                        find.setString(1, ticket.sha256());
                        use.setString(1, ticket.sha256());
                        try (ResultSet rows = find.executeQuery()) {
                            return CompletableFuture.completedFuture(
                                    rows.next() && isMine(use.executeUpdate())
                                            ? TicketValueCodec.decode(rows.getBytes(1))
                                            : Optional.empty());
                        }
                    } catch (SQLException e) {
                        return CompletableFuture.failedFuture(e);
                    }
                }
            };
        }

        @Override
        protected void pass(Duration time) {}

        @Override
        protected int contestedTickets() {
            return 1000;
        }

        @AfterEach
        void close() {
            pool.close();
        }
    }
}
