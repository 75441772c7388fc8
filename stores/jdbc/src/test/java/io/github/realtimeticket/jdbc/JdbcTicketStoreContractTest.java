// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.testkit.TicketStoreContract;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The store passes the contract on each database. */
class JdbcTicketStoreContractTest {

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

    @Nested
    class TheWayOfMySql extends Contract {
        TheWayOfMySql() {
            super(TestDatabase.MYSQL);
        }
    }

    abstract static class Contract extends TicketStoreContract {

        private final TestDatabase database;
        private final Deque<AutoCloseable> opened = new ArrayDeque<>();

        Contract(TestDatabase database) {
            this.database = database;
        }

        @Override
        protected TicketStore store() {
            HikariDataSource pool = database.pool(8);
            opened.push(pool);
            JdbcTicketStore store = Samples.patient(pool);
            opened.push(store);
            return store;
        }

        @Override
        protected void pass(Duration time) throws InterruptedException {
            Thread.sleep(time.toMillis());
        }

        @Override
        protected int contestedTickets() {
            return 1000;
        }

        @AfterEach
        void close() throws Exception {
            for (AutoCloseable resource : opened) {
                resource.close();
            }
        }
    }
}
