// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.fixtures.MariaDb;
import io.github.realtimeticket.fixtures.Relay;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import javax.sql.DataSource;

/** The databases that the store is tested on, all of them real. One server of each is started for all tests, when it is needed. */
enum TestDatabase {
    H2,
    POSTGRESQL,
    MARIADB,
    /** A MariaDB that MySQL's own driver takes for a MySQL. */
    MYSQL;

    private static int mariaDbPort;

    /** The address for the database's driver, once the table is there. */
    String url() {
        return switch (this) {
            case H2 -> H2Holder.URL;
            case POSTGRESQL -> PostgreSqlHolder.URL;
            case MARIADB -> mariaDb("mariadb");
            case MYSQL -> mariaDb("mysql");
        };
    }

    // No holder like the others: where there is no server, each of its tests is skipped.
    private static synchronized String mariaDb(String scheme) {
        if (mariaDbPort == 0) {
            mariaDbPort = MariaDb.start("--max-connections=200", "--innodb-flush-log-at-trx-commit=0");
            execute(mariaDb("mariadb"), "root", "mariadb");
        }
        return "jdbc:" + scheme + "://127.0.0.1:" + mariaDbPort + "/test?connectTimeout=2000";
    }

    /** The address through this relay to {@link #port()}. */
    String url(Relay relay) {
        return url().replaceFirst("//[^/]+/", "//127.0.0.1:" + relay.port() + "/");
    }

    /** The port of its server, which H2 has none of. */
    int port() {
        return Integer.parseInt(url().replaceAll(".*:(\\d+)/.*", "$1"));
    }

    String user() {
        return switch (this) {
            case H2 -> "sa";
            case POSTGRESQL -> "postgres";
            case MARIADB, MYSQL -> "root";
        };
    }

    /** Whether a statement may show what is committed meanwhile without what was committed just before, for this once. */
    boolean mayShowAHole() {
        return this == MARIADB || this == MYSQL;
    }

    HikariConfig config(int connections) {
        var config = new HikariConfig();
        config.setJdbcUrl(url());
        config.setUsername(user());
        config.setMaximumPoolSize(connections);
        return config;
    }

    HikariDataSource pool(int connections) {
        return new HikariDataSource(config(connections));
    }

    String schema() {
        return schema(name().toLowerCase(Locale.ROOT));
    }

    private static String schema(String database) {
        try (InputStream script = JdbcTicketStore.class.getResourceAsStream("schema-" + database + ".sql")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same table under another name. */
    void createTable(DataSource dataSource, String table) {
        execute(dataSource, schema().replace("realtime_ticket", table));
    }

    static void execute(DataSource dataSource, String script) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : script.strip().split(";(\\s+|$)", 0)) {
                boolean unused = statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static int count(DataSource dataSource, String from) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + from)) {
            boolean unused = rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void execute(String url, String user, String database) {
        try (var pool = new HikariDataSource()) {
            pool.setJdbcUrl(url);
            pool.setUsername(user);
            pool.setMaximumPoolSize(1);
            execute(pool, schema(database));
        }
    }

    private static final class H2Holder {

        static final String URL = start();

        private static String start() {
            String url = "jdbc:h2:mem:tickets;DB_CLOSE_DELAY=-1";
            execute(url, "sa", "h2");
            return url;
        }
    }

    private static final class PostgreSqlHolder {

        static final String URL = start();

        private static String start() {
            try {
                String url = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        .start()
                        .getJdbcUrl("postgres", "postgres")
                        // Without the user that it names.
                        .replaceFirst("\\?.*", "");
                execute(url, "postgres", "postgresql");
                return url;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
