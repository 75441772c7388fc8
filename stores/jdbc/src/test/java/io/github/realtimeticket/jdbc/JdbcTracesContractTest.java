// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.testkit.RememberingStoreContract;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** A used ticket leaves a trace on each database. */
class JdbcTracesContractTest {

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

    abstract static class Contract extends RememberingStoreContract {

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

        @AfterEach
        void close() throws Exception {
            for (AutoCloseable resource : opened) {
                resource.close();
            }
        }
    }
}
