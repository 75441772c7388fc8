// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code ./demo}, as a user starts it. */
final class DemoScript implements AutoCloseable {

    private final Process process;
    private final StringBuilder output = new StringBuilder();

    DemoScript(String... arguments) throws IOException {
        this(Path.of("../.."), "", arguments);
    }

    private DemoScript(Path directory, String programs, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("./demo"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().merge("PATH", programs, (path, first) -> first + path);
        process = builder.start();
    }

    /** A checkout in which nothing is built yet, with a Maven that does this. */
    static DemoScript unbuilt(Path directory, String build, int... ports) throws IOException {
        Files.copy(Path.of("../../demo"), directory.resolve("demo"), StandardCopyOption.COPY_ATTRIBUTES);
        Path maven = directory.resolve("mvn");
        Files.writeString(maven, """
                #!/usr/bin/env bash
                case $* in
                  *--version) printf 'Apache Maven 3.9.9\nJava version: 17.0.1\n' ;;
                  *) %s ;;
                esac
                """.formatted(build));
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwx------"));
        return new DemoScript(
                directory, directory + File.pathSeparator, "--port=" + ports[0], "--realtime-port=" + ports[1]);
    }

    /** Awaits a line with this text, or the end of all output. */
    String outputUntil(String text) {
        try {
            for (String line = process.inputReader().readLine();
                    line != null;
                    line = process.inputReader().readLine()) {
                output.append(line).append('\n');
                if (line.contains(text)) {
                    break;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return output.toString();
    }

    /** All output, to its end. */
    String output() {
        return outputUntil("\n");
    }

    /** The Java processes that it runs. */
    List<ProcessHandle> parts() {
        return process.children()
                .filter(child -> child.info().command().orElse("").contains("java"))
                .toList();
    }

    /**
     * What Ctrl-C in a terminal does, and the exit code that it leads to. Where the tests run in the background of a shell that
     * has no terminal, every program that they start ignores it for good (POSIX, "Signals and Error Handling"): there, what
     * ends a service.
     */
    int interrupt() throws IOException, InterruptedException {
        boolean deaf = ignoresInterrupts();
        // Not the program: a small Linux has none, but bash has its own.
        String kill = "kill -" + (deaf ? "TERM" : "INT") + " " + process.pid();
        int unused = new ProcessBuilder("bash", "-c", kill).start().waitFor();
        return deaf ? 143 : 130;
    }

    private boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                .anyMatch(ignored -> (ignored & 0b10) != 0);
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("./demo is still running");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        // First as a service is ended, since servers then remove their temporary files.
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        all.forEach(one -> {
            ProcessHandle unused =
                    one.onExit().completeOnTimeout(one, 10, TimeUnit.SECONDS).join();
            one.destroyForcibly();
        });
    }
}
