// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.testkit.RemoteRevocationsContract;
import io.github.realtimeticket.testkit.RevocationsContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** Each process reaches the database through a relay of its own, or, where that is in the same process, a source that can be cut. */
class JdbcRevocationsContractTest {

    @Nested
    class OnH2 extends Contract {
        OnH2() {
            super(TestDatabase.H2);
        }
    }

    @Nested
    class OnPostgreSql extends Contract {
        OnPostgreSql() {
            super(TestDatabase.POSTGRESQL);
        }
    }

    @Nested
    class OnMariaDb extends Contract {
        OnMariaDb() {
            super(TestDatabase.MARIADB);
        }
    }

    abstract static class Contract extends RemoteRevocationsContract {

        private static final String TABLE = "contract";

        private final TestDatabase database;

        Contract(TestDatabase database) {
            this.database = database;
        }

        @BeforeEach
        void empty() {
            try (HikariDataSource pool = database.pool(1)) {
                database.createTable(pool, TABLE);
                TestDatabase.execute(
                        pool, "DELETE FROM contract; DELETE FROM contract_revocation; DELETE FROM contract_revision");
            }
        }

        @Override
        protected Side process() throws IOException {
            return new Far(database);
        }

        @Override
        protected void cut(Side process) {
            ((Far) process).cut(true);
        }

        @Override
        protected void restore(Side process) {
            ((Far) process).cut(false);
        }
    }

    private static final class Far implements RevocationsContract.Side {

        private final @Nullable Relay relay;
        private final HikariDataSource pool;
        private final CutDataSource source;
        private final JdbcTicketStore store;

        Far(TestDatabase database) throws IOException {
            HikariConfig config = database.config(4);
            config.setConnectionTimeout(1000);
            config.setValidationTimeout(500);
            if (database == TestDatabase.H2) {
                relay = null;
            } else {
                relay = new Relay(database.port());
                config.setJdbcUrl(database.url(relay));
            }
            pool = new HikariDataSource(config);
            source = new CutDataSource(pool);
            store = JdbcTicketStore.builder(source)
                    .table(Contract.TABLE)
                    .timeout(Duration.ofSeconds(3))
                    .period(Duration.ofMillis(20))
                    .build();
        }

        void cut(boolean cut) {
            if (relay == null) {
                source.cut(cut);
            } else if (cut) {
                relay.refuse();
            } else {
                relay.heal();
            }
        }

        @Override
        public TicketStore store() {
            return store;
        }

        @Override
        public Revocations revocations() {
            return store.revocations();
        }

        @Override
        public void close() {
            store.close();
            pool.close();
            if (relay != null) {
                try {
                    relay.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
