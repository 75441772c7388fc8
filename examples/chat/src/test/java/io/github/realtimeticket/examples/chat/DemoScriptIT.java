// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "./demo needs bash")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DemoScriptIT {

    private static final String READY = "Ctrl-C ends it.";
    private static final Pattern IN_PAGE = Pattern.compile("<meta name=\"realtime-ticket\" content=\"([^\"]+)\"");

    @Test
    void helpSaysWhatTheOptionsAre() throws Exception {
        try (var demo = new DemoScript("--help")) {
            assertThat(demo.output()).contains("--port", "--realtime-port", "--redis", "alice, bob, carol");
            assertThat(demo.exitCode()).isZero();
        }
    }

    @Test
    void whatItCannotDoIsSaidInOneLine() throws Exception {
        refuses("demo: unknown option --verbose (./demo --help)", "--verbose");
        refuses("demo: --port needs a value (./demo --help)", "--port");
        refuses("demo: --port must be 1 to 65535, not \"http\"", "--port", "http");
        refuses("demo: --realtime-port must be 1 to 65535, not \"65536\"", "--realtime-port=65536");
        refuses("demo: --port and --realtime-port must differ, both are 8081", "--port", "8081");
        refuses("demo: --redis must read like redis://localhost:6379, not \"localhost\"", "--redis", "localhost");
    }

    @Test
    void aBusyPortIsSaidInOneLine() throws Exception {
        try (ServerSocket busy = FreePorts.listen()) {
            String port = Integer.toString(busy.getLocalPort());

            refuses("demo: port " + port + " is in use; choose another with --port", "--port", port);
        }
    }

    @Test
    void aRedisThatIsNotThereIsSaidInOneLine() throws Exception {
        int nobody = FreePorts.one();

        refuses(
                "demo: no Redis answers at 127.0.0.1:" + nobody,
                options(FreePorts.two(), "--redis", "redis://127.0.0.1:" + nobody));
    }

    @Test
    void theBuildIsSeenWhileItRunsAndEndsQuietlyWithAnInterrupt(@TempDir Path directory) throws Exception {
        String build = "echo '[INFO] Building Realtime Ticket: core 1 [1/2]'; exec sleep 240";
        try (var demo = DemoScript.unbuilt(directory, build, FreePorts.two())) {
            String seen = demo.outputUntil("[1/2]");
            int expected = demo.interrupt();

            assertThat(demo.output()).isEqualTo(seen).endsWith("  Realtime Ticket: core 1 [1/2]\n");
            assertThat(demo.exitCode()).isEqualTo(expected);
        }
    }

    @Test
    void aBuildThatFailsIsSaidWithItsErrors(@TempDir Path directory) throws Exception {
        String build = "echo '[ERROR] No such compiler'; exit 1";
        try (var demo = DemoScript.unbuilt(directory, build, FreePorts.two())) {
            assertThat(demo.output()).contains("[ERROR] No such compiler\ndemo: the build failed; all of it is in ");
            assertThat(demo.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void oneProcessLetsAUserInByNameAndLeavesNothingBehind() throws Exception {
        int[] ports = FreePorts.two();
        try (var demo = new DemoScript(options(ports))) {
            assertThat(demo.outputUntil(READY))
                    .contains("http://localhost:" + ports[0])
                    .doesNotContain("Building");
            List<ProcessHandle> parts = demo.parts();
            assertThat(parts).hasSize(1);

            aUserIsKnownByName(ports);
            int expected = demo.interrupt();

            assertThat(demo.exitCode()).isEqualTo(expected);
            assertThat(parts).noneMatch(ProcessHandle::isAlive);
        }
    }

    @Test
    void twoProcessesShareRedisAndEndTogether() throws Exception {
        int[] ports = FreePorts.two();
        try (var redis = new Redis();
                var demo = new DemoScript(options(ports, "--redis", redis.url()))) {
            assertThat(demo.outputUntil(READY)).contains("two processes");
            List<ProcessHandle> parts = demo.parts();
            assertThat(parts).hasSize(2);

            aUserIsKnownByName(ports);
            assertThat(parts.get(0).destroy()).isTrue();

            assertThat(demo.output()).contains("it ended by itself");
            assertThat(demo.exitCode()).isEqualTo(1);
            assertThat(parts).noneMatch(ProcessHandle::isAlive);
        }
    }

    private static void aUserIsKnownByName(int[] ports) throws Exception {
        WebUser alice = new WebUser("http://localhost:" + ports[0]).logsIn("alice", "ticket");
        String ticket = WebUser.find(IN_PAGE, alice.get("/").body());
        URI uri = URI.create("ws://localhost:" + ports[1] + "/chat?ticket=" + ticket);

        assertThat(Connection.greeting(uri, alice.origin())).contains("\"welcome\"", "\"username\":\"alice\"");
        assertThat(Connection.status(uri)).isEqualTo(401);
    }

    private static void refuses(String message, String... arguments) throws Exception {
        try (var demo = new DemoScript(arguments)) {
            assertThat(demo.output()).isEqualTo(message + "\n");
            assertThat(demo.exitCode()).isIn(1, 2);
        }
    }

    private static String[] options(int[] ports, String... more) {
        var all = new ArrayList<>(
                List.of("--port", Integer.toString(ports[0]), "--realtime-port", Integer.toString(ports[1])));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
