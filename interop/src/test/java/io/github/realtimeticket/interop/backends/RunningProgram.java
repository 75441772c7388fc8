// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.backends;

import io.github.realtimeticket.fixtures.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A backend that listens on a free port of the loopback interface. */
final class RunningProgram implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path output;
    private final int port;

    private RunningProgram(Process process, Path output, int port) {
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /**
     * Starts one, and waits until it listens.
     *
     * @param redisPort where its store is
     * @param environment further settings
     */
    static RunningProgram start(Program program, int redisPort, Map<String, String> environment, Path directory)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "backend", ".log");
        int port = FreePorts.one();
        ProcessBuilder builder = program.process(output);
        builder.environment().putAll(environment);
        builder.environment().put("PORT", String.valueOf(port));
        builder.environment().put("REDIS_URL", "redis://127.0.0.1:" + redisPort);
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        var running = new RunningProgram(process, output, port);
        try {
            running.awaitListening();
            return running;
        } catch (IOException | InterruptedException e) {
            running.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    /** What it has printed. */
    String output() throws IOException {
        return Files.readString(output);
    }

    private void awaitListening() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        throw new IOException("The backend did not start:\n" + output());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
