// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.stomp;

import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Missing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * This machine's RabbitMQ, which listens to STOMP on the loopback interface and to nothing else. Without one, the tests that need it
 * are skipped; on CI they fail.
 */
final class RabbitMq implements Broker {

    // Not Debian's /usr/sbin/rabbitmq-server, which becomes the user of the service.
    private static final List<String> PLACES = List.of(
            "/usr/lib/rabbitmq/bin/rabbitmq-server",
            "/opt/rabbitmq/sbin/rabbitmq-server",
            "/usr/local/sbin/rabbitmq-server",
            "/opt/homebrew/sbin/rabbitmq-server");
    private static final Pattern STARTED = Pattern.compile("completed with \\d+ plugins");
    private static final int PATIENCE_SECONDS = 180;

    private final int port;
    private final Path output;
    private final Process server;
    private int questions;

    /** One with all its files in this directory. */
    RabbitMq(Path directory) throws IOException, InterruptedException {
        port = FreePorts.one();
        output = directory.resolve("output.txt");
        server = start(executable(), directory);
        try {
            await(STARTED);
        } catch (IllegalStateException | IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private static Path executable() {
        return Stream.concat(Stream.ofNullable(System.getenv("RABBITMQ_SERVER")), PLACES.stream())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> Missing.tool(
                        "No RabbitMQ (Debian: rabbitmq-server): looked at $RABBITMQ_SERVER and " + PLACES));
    }

    private Process start(Path executable, Path directory) throws IOException {
        Path configuration = directory.resolve("rabbitmq.conf");
        Path plugins = directory.resolve("enabled_plugins");
        Files.writeString(plugins, "[rabbitmq_stomp].");
        Files.writeString(configuration, """
                listeners.tcp = none
                stomp.listeners.tcp.1 = 127.0.0.1:%d
                log.file = false
                log.console = true
                log.console.level = warning
                """.formatted(port));
        ProcessBuilder builder = new ProcessBuilder(executable.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(Set.of("PATH"));
        // Erlang's shell reads its input, and ends the whole when that ends, as it does with this process.
        environment.put("RABBITMQ_ALLOW_INPUT", "1");
        // A node that no other can reach needs no epmd. It is told that there is one, where nobody listens.
        environment.put("RABBITMQ_NODENAME", "rabbit@localhost");
        environment.put("ERL_AFLAGS", "-sname rabbit@localhost -dist_listen false -start_epmd false -erl_epmd_port 1");
        environment.put("ERL_EPMD_PORT", "1");
        environment.put("HOME", directory.toString());
        environment.put("RABBITMQ_CONF_ENV_FILE", directory.resolve("none").toString());
        environment.put(
                "RABBITMQ_ADVANCED_CONFIG_FILE", directory.resolve("none").toString());
        environment.put("RABBITMQ_CONFIG_FILE", configuration.toString());
        environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", plugins.toString());
        environment.put("RABBITMQ_MNESIA_BASE", directory.toString());
        environment.put("RABBITMQ_LOG_BASE", directory.toString());
        return builder.start();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public List<String> prefixes() {
        return List.of("/topic/", "/exchange/amq.direct/");
    }

    @Override
    public String answers() {
        return "/exchange/amq.direct/answers";
    }

    @Override
    public int sessions() throws IOException, InterruptedException {
        return count("rabbit_connection_tracking:list()");
    }

    @Override
    public int queues() throws IOException, InterruptedException {
        return count("[Q || Q <- rabbit_amqqueue:list(), amqqueue:is_durable(Q)]");
    }

    private int count(String list) throws IOException, InterruptedException {
        String answer = "answer " + ++questions + ": ";
        String question = "io:format(\"~n" + answer + "~b~n\", [length(" + list + ")]).\n";
        server.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
        server.getOutputStream().flush();
        return Integer.parseInt(await(Pattern.compile(answer + "(\\d+)\n")).group(1));
    }

    private Matcher await(Pattern wanted) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            boolean over = !server.isAlive() || System.nanoTime() > end;
            Matcher found = wanted.matcher(Files.readString(output, StandardCharsets.ISO_8859_1));
            if (found.find()) {
                return found;
            }
            if (over) {
                throw new IllegalStateException("RabbitMQ does not say " + wanted + " but\n"
                        + Files.readString(output, StandardCharsets.ISO_8859_1));
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() throws InterruptedException {
        List<ProcessHandle> all = Stream.concat(server.descendants(), Stream.of(server.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        server.waitFor();
    }
}
