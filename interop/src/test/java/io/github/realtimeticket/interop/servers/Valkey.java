// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.servers;

import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Missing;
import io.github.realtimeticket.interop.Tools;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A real Valkey on loopback, which a Python package brings, with its data in a directory. */
final class Valkey implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;

    private final int port;
    private final Path log;
    private final Process process;

    /** One on a free port, with these options of its command. */
    Valkey(Path data, String... options) throws Exception {
        this(data, FreePorts.one(), options);
    }

    /** Another one at the same port, with the data that is there. */
    Valkey(Path data, int port, String... options) throws Exception {
        this.port = port;
        log = data.resolve("valkey.log");
        List<String> command = new ArrayList<>(List.of(program().toString(), "--port", Integer.toString(port)));
        command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--dir", data.toString()));
        command.addAll(List.of(options));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        awaitListening();
    }

    private static Path program() throws IOException, InterruptedException {
        Path environment = Tools.python(Path.of("servers")).getParent().getParent();
        try (Stream<Path> files = Files.walk(environment.resolve("lib"))) {
            return files.filter(file -> file.endsWith("valkey-server"))
                    .findFirst()
                    .orElseThrow(() -> Missing.tool("No Valkey for this platform"));
        }
    }

    private void awaitListening() throws InterruptedException, IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!isListening()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                close();
                throw new IllegalStateException("Valkey did not start:\n" + Files.readString(log));
            }
            Thread.sleep(20);
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    RedisURI uri() {
        return RedisURI.create("127.0.0.1", port);
    }

    /** What an operator types into valkey-cli. */
    void operate(Consumer<RedisCommands<String, String>> work) {
        RedisClient operator = RedisClient.create(uri());
        try (var connection = operator.connect()) {
            work.accept(connection.sync());
        } finally {
            operator.shutdown();
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
