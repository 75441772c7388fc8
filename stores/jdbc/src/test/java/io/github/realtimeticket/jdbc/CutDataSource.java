// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A source that can be cut off from its database. */
final class CutDataSource extends DelegatingDataSource {

    private volatile boolean cut;

    CutDataSource(DataSource source) {
        super(source);
    }

    void cut(boolean cut) {
        this.cut = cut;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (cut) {
            throw new SQLTransientConnectionException("cut off", "08001");
        }
        return super.getConnection();
    }
}
