// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A source some of whose statements fail or are delayed. */
final class HookedDataSource extends DelegatingDataSource {

    /** What happens before a statement is prepared, or, for the text "connect", before a connection is opened. */
    interface Hook {
        void before(String sql) throws SQLException;
    }

    static final String CONNECT = "connect";

    private volatile Hook hook = sql -> {};

    HookedDataSource(DataSource source) {
        super(source);
    }

    void hook(Hook hook) {
        this.hook = hook;
    }

    void heal() {
        hook = sql -> {};
    }

    @Override
    public Connection getConnection() throws SQLException {
        hook.before(CONNECT);
        Connection connection = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        hook.before((String) arguments[0]);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
