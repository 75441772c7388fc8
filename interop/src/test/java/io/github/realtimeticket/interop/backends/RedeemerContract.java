// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.backends;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.fixtures.Request;
import io.github.realtimeticket.fixtures.Wire;
import io.github.realtimeticket.interop.TicketRedis;
import io.github.realtimeticket.testkit.BackendContract;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.protocol.CommandType;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a backend in another language must pass beside what all do: mostly what its Redis client must not do. It is on a real Redis in which
 * Java issues, with a relay between the two that can fail.
 */
abstract class RedeemerContract extends BackendContract {

    /** The command that redeems. */
    private static final String REDEMPTION = "GETDEL";

    private static final int RACES = 100;
    private static final String HISTORY = "\"history\":\"[0-9a-f]{40}";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Program.Source source;
    private final Keys keys;

    private TicketRedis redis;
    private Relay relay;
    private Tickets tickets;
    private Tickets brief;
    private RunningProgram program;

    RedeemerContract(Program.Source source, Keys keys) {
        this.source = source;
        this.keys = keys;
    }

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        Program wanted = source.get();
        redis = new TicketRedis();
        relay = new Relay(redis.port());
        tickets = redis.tickets(keys.inJava());
        brief = Tickets.builder(redis.store(keys.inJava()))
                .timeToLive(Duration.ofSeconds(1))
                .build();
        Map<String, String> environment = new HashMap<>(keys.settings());
        environment.put("AUDIENCE", AUDIENCE);
        program = RunningProgram.start(wanted, relay.port(), environment, directory);
        awaitRecovery();
        assertThat(asked()).isPositive();
    }

    @AfterAll
    void stop() throws Exception {
        if (program != null) {
            program.close();
        }
        if (redis != null) {
            relay.close();
            redis.close();
        }
    }

    /** The address, without what comes from where the program runs. */
    String address() {
        return "ws://127.0.0.1:%d/realtime";
    }

    @Override
    protected final URI uri() {
        return URI.create(address().formatted(program.port()));
    }

    @Override
    protected final Ticket issue(TicketHolder holder, TicketBinding binding) throws Exception {
        return tickets.issue(holder, binding).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    protected final Ticket expired() throws Exception {
        Ticket ticket =
                brief.issue(TicketHolder.of(1, "alice")).toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(redis.cli().exists(key(ticket))).isOne();
        while (redis.cli().exists(key(ticket)) > 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return ticket;
    }

    @Override
    protected final int asked() {
        return relay.requestsWith(REDEMPTION);
    }

    @Override
    protected final void outOfReach(boolean outOfReach) throws Exception {
        if (outOfReach) {
            relay.refuse();
        } else if (relay.isBroken()) {
            relay.heal();
            relay.cut();
            awaitRecovery();
        }
    }

    final Ticket issue() throws Exception {
        return issue(TicketHolder.of(1, "alice"), TicketBinding.none());
    }

    final String key(Ticket ticket) {
        return keys.of(ticket);
    }

    final TicketRedis redis() {
        return redis;
    }

    final Relay relay() {
        return relay;
    }

    final Tickets tickets() {
        return tickets;
    }

    final String output() throws Exception {
        return program.output();
    }

    /** The same, when nothing more has come for a moment. */
    final String wholeOutput() throws Exception {
        String last = "";
        String now = output();
        for (int i = 0; i < 30 && !now.equals(last); i++) {
            Thread.sleep(300);
            last = now;
            now = output();
        }
        return now;
    }

    // Clients of Redis try to reconnect every now and then.
    private void awaitRecovery() throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int status = 503;
        while (status == 503 && System.nanoTime() < deadline) {
            status = status(issue().reveal());
        }
        assertThat(status).as(output()).isLessThan(300);
    }

    @Test
    void t4_aTicketOpensOneConnectionHereOrInJava() throws Exception {
        Gate gate = Gate.of(tickets());
        var start = new CyclicBarrier(2);

        for (int race = 0; race < RACES; race++) {
            Ticket ticket = issue();
            long headStart = race % 4;
            CompletableFuture<Boolean> java = CompletableFuture.supplyAsync(() -> {
                await(start);
                pause(headStart);
                return gate.admit(new Request("ticket=" + ticket.reveal()))
                        .toCompletableFuture()
                        .join()
                        .fold(admitted -> true, refused -> false);
            });
            await(start);
            boolean here = admits(ticket);

            assertThat(List.of(here, java.get(30, TimeUnit.SECONDS))).containsOnlyOnce(true);
        }
    }

    @Test
    void t5_aRedemptionWhoseAnswerIsLostIsNotSentAgain() throws Exception {
        Ticket ticket = issue();
        int before = asked();
        relay().loseAnswersTo(REDEMPTION);

        int status = status(ticket.reveal());

        assertThat(status).isEqualTo(503);
        assertThat(asked()).isEqualTo(before + 1);
        outOfReach(false);
        assertThat(redis().cli().exists(key(ticket))).as("it had been redeemed").isZero();
        assertThat(status(ticket.reveal())).isEqualTo(401);
    }

    @Test
    void t5_aStoreThatDoesNotAnswerIsAFailureInTime() throws Exception {
        Ticket ticket = issue();
        relay().swallowEverything();
        long start = System.nanoTime();

        int status = status(ticket.reveal());

        assertThat(status).isEqualTo(503);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    void t8_aKeyOfAnotherTypeIsNothingAndStays() throws Exception {
        Ticket ticket = issue();
        redis().cli().del(key(ticket));
        redis().cli().rpush(key(ticket), "not", "a", "ticket");

        assertThat(status(ticket.reveal())).isEqualTo(401);
        assertThat(redis().cli().llen(key(ticket))).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice",
                "[]",
                "{\"id\":true,\"username\":\"alice\"}",
                "{\"id\":1,\"username\":\"\"}",
                "{\"id\":1,\"id\":2,\"username\":\"alice\"}",
                "{\"id\":1,\"username\":\"alice\",\"rt\":{\"audience\":null}}"
            })
    void t8_whatIsNoHolderIsNothing(String value) throws Exception {
        Ticket ticket = issue();
        redis().cli().set(key(ticket), value);

        assertThat(status(ticket.reveal())).isEqualTo(401);
    }

    @Test
    void t8_whatTheOriginalIssuesIsRead() throws Exception {
        Ticket ticket = issue();
        redis().cli().set(key(ticket), "{\"id\": 1, \"username\": \"alice\"}");

        assertThat(admits(ticket)).isTrue();
    }

    @Test
    void t9_oneForeignOriginAmongSeveralIsRefused() throws Exception {
        Ticket ticket = issue(TicketHolder.of(1, "alice"), TicketBinding.none().withOrigin(ORIGIN));

        // Some servers refuse a request with two of a header that comes once (RFC 9110 section 5.3).
        assertThat(status(ticket.reveal(), "Origin: " + ORIGIN, "Origin: https://evil.example"))
                .isIn(400, 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?ticket=", "tic\tket="})
    void t10_noOtherNameIsTaken(String name) throws Exception {
        Ticket ticket = issue();

        try (var wire = new Wire(uri().getPort())) {
            wire.handshake(uri().getRawPath() + "?" + (uri().getRawQuery() == null ? "" : uri().getRawQuery() + "&")
                    + name + ticket.reveal());

            // Some servers refuse a tab in an address before.
            assertThat(wire.answer().status()).isIn(400, 401);
        }
        assertThat(admits(ticket)).isTrue();
    }

    @Test
    void t11_aRefusalIsNoErrorInTheLog() throws Exception {
        int before = wholeOutput().length();

        assertThat(List.of(status("none"), status("none"), status("none"))).containsOnly(401);

        assertThat(wholeOutput().substring(before)).doesNotContain("ERROR", "Traceback", "handshake");
    }

    @Test
    void t15_aTicketOfAnotherHistoryIsNothing() throws Exception {
        Ticket own = issue();
        Ticket foreign = issue();
        String value = redis().cli().get(key(foreign));
        assertThat(value).containsPattern(HISTORY);
        redis().cli().set(key(foreign), value.replaceFirst(HISTORY, "\"history\":\"" + "0".repeat(40)));
        Ticket without = issue();
        redis().cli().set(key(without), value.replaceFirst("," + HISTORY + "\"", ""));

        assertThat(admits(own)).isTrue();
        assertThat(status(foreign.reveal())).isEqualTo(401);
        assertThat(redis().cli().exists(key(foreign))).as("it is used up").isZero();
        assertThat(admits(without)).isTrue();
        assertThat(output()).contains("of another history").doesNotContain(foreign.reveal());
    }

    @Test
    void t15_theHistoryIsAskedBehindTheRedemptionOnTheSameConnection() throws Exception {
        Ticket ticket = issue();
        redis().cli().configSet("slowlog-log-slower-than", "0");

        assertThat(admits(ticket)).isTrue();

        redis().cli().configSet("slowlog-log-slower-than", "-1");
        // The newest first.
        List<String> commands = redis().cli().slowlogGet(100).stream()
                .map(entry -> (List<?>) entry)
                .map(entry -> ((List<?>) entry.get(3)).get(0) + " from " + entry.get(4))
                .filter(command -> command.matches("(?i)(info|getdel) .*"))
                .toList();
        String redemption = commands.stream()
                .filter(command -> command.matches("(?i)getdel .*"))
                .findFirst()
                .orElseThrow();
        String connection = redemption.substring(redemption.indexOf(' '));
        List<String> behind = commands.subList(0, commands.indexOf(redemption)).stream()
                .filter(command -> command.endsWith(connection))
                .toList();
        assertThat(behind).isNotEmpty().last().asString().startsWithIgnoringCase("info");
    }

    @Test
    void t15_whereTheHistoryIsNotToldNobodyIsLetIn() throws Exception {
        Ticket ticket = issue();
        redis().cli().aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.INFO));

        try {
            assertThat(status(ticket.reveal())).isEqualTo(503);
        } finally {
            redis().cli().aclSetuser("default", AclSetuserArgs.Builder.addCommand(CommandType.INFO));
        }
    }

    @Test
    void t13_noTicketIsInWhatTheBackendPrints() throws Exception {
        Ticket used = issue();
        assertThat(admits(used)).isTrue();
        assertThat(admits(used)).isFalse();
        Ticket foreign = issue(TicketHolder.of(1, "alice"), TicketBinding.none().withAudience("billing"));
        assertThat(status(foreign.reveal())).isEqualTo(403);
        Ticket unredeemed = issue();
        outOfReach(true);
        assertThat(status(unredeemed.reveal())).isEqualTo(503);

        assertThat(output()).doesNotContain(used.reveal(), foreign.reveal(), unredeemed.reveal());
    }

    @Test
    void aBrokenFrameEndsItsConnectionAndNoOther() throws Exception {
        Ticket ticket = issue();

        try (var wire = new Wire(uri().getPort())) {
            wire.handshake(uri().getRawPath() + "?" + (uri().getRawQuery() == null ? "" : uri().getRawQuery() + "&")
                    + "ticket=" + ticket.reveal());
            // A WebSocket, or an event stream.
            assertThat(wire.answer().status()).isIn(101, 200);
            wire.send("\u00ff\u00ff\1\2\3\4\5\6");
            wire.end();
        }

        assertThat(admits(issue())).isTrue();
        assertThat(output()).doesNotContain(ticket.reveal());
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    // So that now the one, now the other is first.
    private static void pause(long milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
