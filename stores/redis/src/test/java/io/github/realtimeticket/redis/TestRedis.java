// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import redis.embedded.RedisServer;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.core.RedisServerBuilder;
import redis.embedded.util.IOSupplier;

/** A real Redis on loopback that keeps nothing on disk, and an operator's plain connection to it. */
final class TestRedis implements AutoCloseable {

    private static final int ATTEMPTS = 3;

    private final int port;
    private final RedisServer server;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    private TestRedis(int port, String... settings) throws IOException {
        this.port = port;
        RedisServerBuilder builder = RedisServer.newRedisServer()
                .executableProvider(executable())
                .bind("127.0.0.1")
                .port(port)
                .setting("save \"\"")
                .setting("appendonly no");
        for (String setting : settings) {
            builder.setting(setting);
        }
        server = builder.build();
        server.start();
        client = RedisClient.create(uri());
        try {
            connection = client.connect();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    static TestRedis start(String... settings) throws IOException {
        return start(TestRedis::freePort, settings);
    }

    static TestRedis startAt(int port, String... settings) throws IOException {
        return start(() -> port, settings);
    }

    // Between the choice of a port and the start, another program may take it.
    private static TestRedis start(IOSupplier<Integer> port, String... settings) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return new TestRedis(port.get(), settings);
            } catch (IOException | RuntimeException e) {
                if (attempt == ATTEMPTS) {
                    throw new IOException(
                            "Redis did not start. The one that the tests carry needs Linux with OpenSSL 3, or macOS;"
                                    + " -D" + ExecutableProvider.PROPERTY_EXECUTABLE_LOCATION
                                    + "=/path/to/redis-server runs them with another",
                            e);
                }
                Fixture.pause();
            }
        }
    }

    // -Dembedded.redis.executable=... runs the tests against another Redis than the one that the test library carries.
    private static ExecutableProvider executable() {
        return System.getProperty(ExecutableProvider.PROPERTY_EXECUTABLE_LOCATION) == null
                ? ExecutableProvider.newJarResourceProvider()
                : ExecutableProvider.newSystemPropertyProvider();
    }

    // Below the ports that systems give to outgoing connections. That of a Cluster's bus is 10,000 higher.
    static int freePort() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 22_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // The next one then.
            }
        }
        throw new IOException("No free port found");
    }

    int port() {
        return port;
    }

    RedisURI uri() {
        return RedisURI.builder().withHost("127.0.0.1").withPort(port).build();
    }

    /** What an operator types into redis-cli. */
    RedisCommands<String, String> cli() {
        return connection.sync();
    }

    /** Makes an account, with rules as they follow {@code ACL SETUSER name}. */
    void account(String name, String rules) {
        var args = new CommandArgs<>(StringCodec.UTF8).add("SETUSER").add(name);
        for (String rule : rules.split(" ", -1)) {
            args.add(rule);
        }
        String answer = cli().dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), args);
        assertThat(answer).isEqualTo("OK");
    }

    /** The id of the history of its data. */
    String history() {
        return cli().info("replication")
                .lines()
                .filter(line -> line.startsWith("master_replid:"))
                .map(line -> line.substring("master_replid:".length()))
                .findFirst()
                .orElseThrow();
    }

    /** How often the server ran a command since the statistics were last reset. */
    long calls(String command) {
        return cli().info("commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_" + command + ":calls="))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() throws IOException {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        server.stop();
    }
}
