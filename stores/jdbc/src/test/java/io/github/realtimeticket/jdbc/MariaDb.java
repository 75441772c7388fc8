// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.fixtures.Folder;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Missing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** This machine's MariaDB. Without one, the tests that need it are skipped; on CI they fail. */
final class MariaDb {

    private static final List<String> PLACES = List.of(
            "/usr/sbin/mariadbd", "/usr/libexec/mariadbd", "/usr/local/bin/mariadbd", "/opt/homebrew/bin/mariadbd");
    private static final int PATIENCE_SECONDS = 30;

    private static int port;

    private MariaDb() {}

    static synchronized String url(String scheme) {
        if (port == 0) {
            port = start(executable());
        }
        return url(scheme, port);
    }

    private static String url(String scheme, int port) {
        return "jdbc:" + scheme + "://127.0.0.1:" + port + "/test?connectTimeout=2000";
    }

    private static Path executable() {
        return Stream.concat(Stream.ofNullable(System.getenv("MARIADBD")), PLACES.stream())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() ->
                        Missing.tool("No MariaDB (Debian: mariadb-server-core): looked at $MARIADBD and " + PLACES));
    }

    // Without tables of users: every user may do everything.
    private static int start(Path executable) {
        try {
            int free = FreePorts.one();
            Folder folder = Folder.temporary("mariadb");
            Path directory = folder.path();
            Path socket = socket(directory);
            Path data = Files.createDirectories(directory.resolve("data"));
            Path unused = Files.createDirectories(data.resolve("test"));
            Process server = new ProcessBuilder(
                            executable.toString(),
                            "--no-defaults",
                            "--user=" + System.getProperty("user.name"),
                            "--datadir=" + data,
                            "--skip-grant-tables",
                            "--skip-networking=0",
                            "--bind-address=127.0.0.1",
                            "--port=" + free,
                            "--socket=" + socket,
                            "--max-connections=200",
                            "--innodb-flush-log-at-trx-commit=0")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, folder, socket)));
            awaitReady(server, free, directory.resolve("log"));
            return free;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(Process server, Folder folder, Path socket) {
        try {
            int unusedCode = server.destroyForcibly().waitFor();
            boolean unusedAnswer = Files.deleteIfExists(socket);
            folder.close();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    // A socket's path may have about 100 characters.
    private static Path socket(Path directory) {
        Path socket = directory.resolve("s");
        return socket.toString().length() < 100
                ? socket
                : Path.of("/tmp", directory.getFileName().toString() + ".s");
    }

    private static void awaitReady(Process server, int port, Path log) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.readString(log).contains("ready for connections")) {
            if (!server.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("MariaDB has not started:\n" + Files.readString(log));
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        TestDatabase.execute(url("mariadb", port), "root", "mariadb");
    }
}
