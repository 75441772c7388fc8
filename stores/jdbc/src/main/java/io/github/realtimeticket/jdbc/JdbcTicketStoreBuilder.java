// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** The settings of a {@link JdbcTicketStore}. Not thread-safe. */
public final class JdbcTicketStoreBuilder {

    private static final Pattern TABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?");

    private final DataSource dataSource;
    private String table = JdbcTicketStore.DEFAULT_TABLE;
    private Duration timeout = JdbcTicketStore.DEFAULT_TIMEOUT;
    private Duration period = JdbcRevocations.PERIOD;

    JdbcTicketStoreBuilder(DataSource dataSource) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    }

    /**
     * The name of the table, with its schema or without; {@link JdbcTicketStore#DEFAULT_TABLE} unless told otherwise.
     *
     * @throws IllegalArgumentException if it is anything but letters, digits and {@code _}, once with a dot between
     */
    @CanIgnoreReturnValue
    public JdbcTicketStoreBuilder table(String table) {
        if (!TABLE.matcher(table).matches()) {
            throw new IllegalArgumentException("table must be a name of letters, digits and _, or schema.name");
        }
        this.table = table;
        return this;
    }

    /**
     * Within which time an operation ends, waiting for a connection included; {@link JdbcTicketStore#DEFAULT_TIMEOUT} unless told
     * otherwise.
     *
     * @throws IllegalArgumentException if it is not more than zero, or more than a minute
     */
    @CanIgnoreReturnValue
    public JdbcTicketStoreBuilder timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("timeout must be more than 0 and at most 1 min, not " + timeout);
        }
        this.timeout = timeout;
        return this;
    }

    /** How often a feed reads on, for tests that wait for it. */
    @CanIgnoreReturnValue
    JdbcTicketStoreBuilder period(Duration period) {
        this.period = period;
        return this;
    }

    /** A store with these settings. It asks for no connection before it needs one. */
    public JdbcTicketStore build() {
        return new JdbcTicketStore(dataSource, table, timeout, period);
    }
}
