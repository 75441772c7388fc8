// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the demonstration was asked to start.
 *
 * @param part one of the two, or both in this process
 * @param port the web application's port
 * @param realtimePort the realtime backend's port
 * @param redis where the tickets are kept; {@code null} for in memory
 */
record DemoOptions(
        Part part, int port, int realtimePort, @Nullable String redis) {

    /** What runs in this process. */
    enum Part {
        BOTH,
        WEB,
        REALTIME
    }

    DemoOptions {
        if (port == realtimePort) {
            throw new IllegalArgumentException("--port and --realtime-port must differ, both are " + port);
        }
        if (part != Part.BOTH && redis == null) {
            throw new IllegalArgumentException("two processes share tickets through Redis only: --redis is missing");
        }
    }

    static DemoOptions parse(String... arguments) {
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        Part part = Part.BOTH;
        int port = 8080;
        int realtimePort = 8081;
        String redis = null;
        while (!rest.isEmpty()) {
            String option = rest.pop();
            switch (option) {
                case "--part" -> part = Part.valueOf(value(option, rest).toUpperCase(Locale.ROOT));
                case "--port" -> port = port(option, value(option, rest));
                case "--realtime-port" -> realtimePort = port(option, value(option, rest));
                case "--redis" -> redis = value(option, rest);
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        return new DemoOptions(part, port, realtimePort, redis);
    }

    /** Where the web application's pages come from, as browsers say it. */
    String origin() {
        return "http://localhost:" + port;
    }

    /** The same pages for those who don't use the machine's name. */
    String loopbackOrigin() {
        return "http://127.0.0.1:" + port;
    }

    /** Where browsers find the realtime backend. */
    String realtimeUrl() {
        return "ws://localhost:" + realtimePort + "/chat";
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.pop();
    }

    private static int port(String option, String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 65535) {
            throw new IllegalArgumentException(option + " must be 1 to 65535, not \"" + text + "\"");
        }
        return Integer.parseInt(text);
    }
}
