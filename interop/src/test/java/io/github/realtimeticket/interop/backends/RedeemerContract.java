// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.backends;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Request;
import io.github.realtimeticket.fixtures.Wire;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backend in another language must pass beside what all do: mostly what its Redis client must not do. */
abstract class RedeemerContract extends Redeemer {

    private static final int RACES = 100;
    private static final String HISTORY = "\"history\":\"[0-9a-f]{40}";

    RedeemerContract(Program.Source source, Keys keys) {
        super(source, keys);
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
