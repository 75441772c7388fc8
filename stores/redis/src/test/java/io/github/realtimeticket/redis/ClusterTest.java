// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.ALICE;
import static io.github.realtimeticket.redis.Fixture.PATIENT;
import static io.github.realtimeticket.redis.Fixture.await;
import static io.github.realtimeticket.redis.Fixture.awaitRecovery;
import static io.github.realtimeticket.redis.Fixture.failureOf;
import static io.github.realtimeticket.redis.Fixture.put;
import static io.github.realtimeticket.redis.Fixture.take;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static io.github.realtimeticket.redis.RedisTracesContractTest.presented;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Presentation;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.RememberingTicketStore.Taken;
import io.github.realtimeticket.ReplayAlarm;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketLogin;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Log;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.logging.Level;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A Cluster of two nodes that share the slots. */
class ClusterTest {

    private static final int SLOTS = 16_384;

    @TempDir
    static Path directory;

    private static final List<Redis> NODES = new ArrayList<>();

    // The way to the second node.
    private static Relay relay;

    @BeforeAll
    static void startCluster() throws IOException {
        relay = new Relay(0);
        NODES.add(startNode("first"));
        NODES.add(startNode("second", "cluster-announce-port " + relay.port()));
        relay.leadTo(NODES.get(1).port());
        for (int i = 0; i < 2; i++) {
            NODES.get(i)
                    .cli()
                    .clusterAddSlots(
                            IntStream.range(i * SLOTS / 2, (i + 1) * SLOTS / 2).toArray());
        }
        NODES.get(0).cli().clusterMeet("127.0.0.1", NODES.get(1).port());
        for (Redis node : NODES) {
            awaitWholeCluster(node);
        }
    }

    @AfterAll
    static void stopCluster() throws IOException {
        relay.close();
        for (Redis node : NODES) {
            node.close();
        }
    }

    @Test
    void t4_ticketsOfAllNodesAreRedeemedOnce() {
        List<Ticket> tickets = IntStream.range(0, 100).mapToObj(i -> ticket()).toList();

        try (RedisTicketStore store = patientCluster(uri())) {
            assertThat(tickets).allMatch(ticket -> put(store, ticket));
            assertThat(NODES).allMatch(node -> node.cli().dbsize() > 0);

            assertThat(tickets).allMatch(ticket -> take(store, ticket).equals(Optional.of(ALICE)));
            assertThat(tickets).allMatch(ticket -> take(store, ticket).isEmpty());
            assertThat(NODES).allMatch(node -> node.cli().dbsize() == 0);
            await(store.ping());
        }
    }

    @Test
    void t5_inAClusterALostConnectionIsAFailureAndNothingIsSentAgain() {
        Ticket lost = ticketOf(1);

        try (RedisTicketStore store = patientCluster(uri())) {
            assertThat(put(store, lost)).isTrue();
            relay.swallowAnswers();
            CompletionStage<Optional<TicketValue>> taking = store.take(lost);
            Fixture.await(PATIENT, () -> NODES.get(1).cli().exists("ticket:" + lost.sha256()) == 0);
            relay.cut();

            assertThat(failureOf(taking)).hasMessageNotContaining("did not answer within");
            Fixture.await(Duration.ofSeconds(30), () -> isPut(store, ticketOf(1)));
            assertThat(relay.requestsWith(lost.sha256())).as("put and taken").isEqualTo(2);
            assertThat(take(store, lost)).isEmpty();
        }
        NODES.forEach(node -> node.cli().flushall());
    }

    private static boolean isPut(RedisTicketStore store, Ticket ticket) {
        try {
            return put(store, ticket);
        } catch (TicketStoreException e) {
            return false;
        }
    }

    @Test
    void t19_aUsedTicketLeavesItsTraceOnItsNode() {
        var first = new Presentation(Instant.EPOCH, "1".repeat(32), null);
        var second = new Presentation(Instant.EPOCH, "2".repeat(32), null);
        List<Ticket> tickets = IntStream.range(0, 20).mapToObj(i -> ticket()).toList();

        try (RedisTicketStore store = patientCluster(uri())) {
            assertThat(tickets).allMatch(ticket -> put(store, ticket));

            assertThat(tickets)
                    .allMatch(ticket -> presented(store, ticket, first).equals(new Taken(ALICE, null)))
                    .allMatch(ticket -> presented(store, ticket, second).equals(new Taken(null, first)));
            assertThat(presented(store, ticket(), first)).isEqualTo(Taken.NOTHING);
            assertThat(tickets).allMatch(ticket -> take(store, ticket).isEmpty());
            assertThat(NODES).allMatch(node -> node.cli().dbsize() == 0);
        }
    }

    @Test
    void t15_inAClusterATicketThatSaysItsTraceIsRedeemed() {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        var traced =
                new TicketValue(ALICE.holder(), TicketBinding.none(), null, List.of(), TicketLogin.none(), null, trace);
        Ticket ticket = ticket();

        try (RedisTicketStore store = patientCluster(uri())) {
            assertThat(await(store.put(ticket, traced, Duration.ofMinutes(1)))).isTrue();

            assertThat(take(store, ticket)).contains(traced);
        }
    }

    @Test
    void t7_theKeyInAClusterIsTheSame() {
        Ticket ticket = ticket();

        try (RedisTicketStore store = patientCluster(uri())) {
            assertThat(put(store, ticket)).isTrue();

            assertThat(NODES.stream().flatMap(node -> node.cli().keys("*").stream()))
                    .containsExactly("ticket:" + ticket.sha256());
            assertThat(take(store, ticket)).contains(ALICE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OFF", "LOG"})
    void t16_inAClusterNoTicketOfARevokedSessionIsAdmitted(ReplayAlarm alarm) {
        try (RedisTicketStore one = patientCluster(uri());
                RedisTicketStore another = patientCluster(uri())) {
            Gate gate = RedisRevocationsTest.gate(another, alarm);

            for (int i = 0; i < 100; i++) {
                Ticket ticket = RedisRevocationsTest.issue(one, "session " + i);
                Ticket other = RedisRevocationsTest.issue(one, "another session");
                RedisRevocationsTest.revoke(one, Revocation.session("session " + i));

                assertThat(RedisRevocationsTest.refusal(gate, ticket)).contains(Refusal.REVOKED);
                assertThat(RedisRevocationsTest.refusal(gate, other)).isEmpty();
            }
        }
        NODES.forEach(node -> node.cli().flushall());
    }

    @Test
    void t16_inAClusterWhoseNodeOfTheStreamIsSilentTicketsOfNoSessionAreAdmitted() {
        int slot = SlotHash.getSlot(RedisTicketStore.DEFAULT_REVOCATIONS);
        Redis silent = NODES.get(slot < SLOTS / 2 ? 0 : 1);
        try (RedisTicketStore store = RedisTicketStore.clusterBuilder(List.of(uri()))
                .timeout(Duration.ofSeconds(3))
                .build()) {
            Gate gate = RedisRevocationsTest.gate(store);
            Fixture.await(Fixture.PATIENT, () -> store.revocations().isCurrent());
            Ticket ofSession = elsewhere(slot, store, "session");
            List<Ticket> others = IntStream.range(0, 5)
                    .mapToObj(i -> elsewhere(slot, store, null))
                    .toList();

            String unused = silent.cli().clientPause(8_000);

            String thread = await(store.take(others.get(0)).thenApply(taken -> currentThread()));
            assertThat(thread).as("not that of all timers").startsWith("lettuce");
            assertThat(RedisRevocationsTest.refusal(gate, ofSession)).contains(Refusal.FAILED);
            assertThat(others.subList(1, 5)).allMatch(ticket -> RedisRevocationsTest.refusal(gate, ticket)
                    .isEmpty());
            awaitRecovery(store);
            Fixture.await(Duration.ofSeconds(30), () -> store.revocations().isCurrent());
        }
        NODES.forEach(node -> node.cli().flushall());
    }

    private static String currentThread() {
        return Thread.currentThread().getName();
    }

    private static Ticket elsewhere(int slot, RedisTicketStore store, @Nullable String session) {
        return Stream.generate(() -> RedisRevocationsTest.issue(store, session))
                .filter(ticket -> (SlotHash.getSlot("ticket:" + ticket.sha256()) < SLOTS / 2) != (slot < SLOTS / 2))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void inAClusterTheAccountAlsoLooksForNodes() {
        Ticket ticket = ticket();
        String both =
                "on >secret resetchannels -@all +ping +hello +client|setname +cluster|nodes +eval +info ~ticket:* ";
        NODES.forEach(node -> node.account("issuer", both + "+set"));
        NODES.forEach(node -> node.account("redeemer", both + "+get +del"));

        try (RedisTicketStore issuer = patientCluster(uriOf("issuer"));
                RedisTicketStore redeemer = patientCluster(uriOf("redeemer"))) {
            assertThat(put(issuer, ticket)).isTrue();
            assertThat(take(redeemer, ticket)).contains(ALICE);
            await(redeemer.ping());
            assertThat(issuer.checksHistory()).isTrue();
            assertThat(redeemer.checksHistory()).isTrue();
        }
    }

    @Test
    void inAClusterWithoutScriptsTicketsAreOfNoHistory() {
        Ticket ticket = ticket();
        String rules = "on >secret resetchannels -@all +set +getdel +ping +hello +client|setname ~ticket:*";
        NODES.forEach(node -> node.account("tickets", rules + " +cluster|nodes +info"));

        try (RedisTicketStore store = patientCluster(uriOf("tickets"))) {
            assertThat(put(store, ticket)).isTrue();
            assertThat(take(store, ticket)).contains(ALICE);
            assertThat(store.checksHistory()).isFalse();
        }
    }

    @Test
    void inAClusterWhoseScriptsMayNotAskTicketsAreOfNoHistory() {
        Ticket ticket = ticket();
        String rules = "on >secret resetchannels -@all +set +getdel +ping +hello +client|setname ~ticket:*";
        NODES.forEach(node -> node.account("scripts", rules + " +cluster|nodes +eval"));

        try (RedisTicketStore store = patientCluster(uriOf("scripts"))) {
            assertThat(put(store, ticket)).isTrue();
            assertThat(take(store, ticket)).contains(ALICE);
            assertThat(store.checksHistory()).isFalse();
        }
    }

    @Test
    void inAClusterWithoutScriptsASilentNodeStopsNoTicketOfAnotherOne() {
        String rules = "on >secret resetchannels -@all +set +getdel +ping +hello +client|setname ~ticket:*";
        NODES.forEach(node -> node.account("half", rules + " +cluster|nodes"));

        try (Relay.Held silent = relay.holdAnswersWith("'eval'");
                RedisTicketStore store = RedisTicketStore.clusterBuilder(List.of(uriOf("half")))
                        .timeout(Duration.ofSeconds(5))
                        .build()) {
            assertThat(put(store, ticketOf(0))).isTrue();
            assertThat(store.checksHistory()).isFalse();
            Fixture.await(PATIENT, () -> silent.number() > 0);
        }
        NODES.forEach(node -> node.cli().flushall());
    }

    @Test
    void aStoreIsMadeWhileTheClusterIsDown() throws IOException {
        RedisURI nobody = RedisURI.create("127.0.0.1", FreePorts.one());

        try (RedisTicketStore store =
                RedisTicketStore.clusterBuilder(List.of(nobody)).build()) {
            assertThat(failureOf(store.take(ticket()))).isNotNull();
            assertThat(failureOf(store.ping())).isNotNull();
        }
    }

    @Test
    void aLostConnectionIsOpenedAgain() {
        try (RedisTicketStore store = patientCluster(uri())) {
            assertThat(put(store, ticket())).isTrue();

            NODES.forEach(
                    node -> node.cli().clientKill(KillArgs.Builder.typeNormal().skipme()));

            awaitRecovery(store);
        }
        NODES.forEach(node -> assertThat(node.cli().keys("*"))
                .allMatch(key -> node.cli().get(key).equals(Fixture.aliceAsJsonIn(node.history()))));
        NODES.forEach(node -> node.cli().flushall());
    }

    @Test
    void whatIsSentAgainInVainFailsNotOnTheThreadOfAllTimers() {
        try (RedisTicketStore store = patientCluster(uri())) {
            assertThat(put(store, ticketOf(1))).isTrue();
            relay.refuse();

            List<String> threads = Stream.generate(() ->
                            await(store.put(ticketOf(1), ALICE, Fixture.LONG).handle((kept, fault) -> currentThread())))
                    .limit(5)
                    .toList();

            assertThat(threads).noneMatch(thread -> thread.startsWith("CompletableFutureDelayScheduler"));
            relay.heal();
            Fixture.await(Duration.ofSeconds(30), () -> isPut(store, ticketOf(1)));
        }
        NODES.forEach(node -> node.cli().flushall());
    }

    @Test
    void aLostConnectionToOneNodeIsOpenedAgain() {
        try (RedisTicketStore store = patientCluster(uri())) {
            for (Redis node : NODES) {
                List<Ticket> tickets =
                        IntStream.range(0, 20).mapToObj(i -> ticket()).toList();
                assertThat(tickets).allMatch(ticket -> put(store, ticket));

                node.cli().clientKill(KillArgs.Builder.typeNormal().skipme());

                // One node after the other may be asked first, and fail once.
                NODES.forEach(any -> awaitRecovery(store));
                tickets.forEach(ticket -> awaitTaken(store, ticket));
            }
        }
        NODES.forEach(node -> node.cli().flushall());
    }

    @Test
    void whatIsGivenUpWhileItsNodeIsConnectedIsNotSentLater() {
        Ticket late = ticketOf(1);
        // More time for the connection than for the operation.
        RedisAccess access = RedisAccess.toCluster(List.of(uri()), SslOptions.create(), PATIENT);
        var stream = new RevocationStream(RedisTicketStore.DEFAULT_REVOCATIONS, RevocationStream.ADDED_AGAIN);

        // Or every node would be asked for its history, and be connected, before.
        try (RedisTicketStore store =
                new RedisTicketStore(access, GivenUpTest.TIMEOUT, TicketKeys.hashed(), HistoryCheck.OFF, stream)) {
            Fixture.await(PATIENT, () -> isPut(store, ticketOf(0)));
            try (Relay.Held answers = relay.holdAnswersWith("")) {
                CompletionStage<Boolean> putting = store.put(late, ALICE, Fixture.LONG);
                // Or the whole connection would be taken for a silent one, and left.
                while (!putting.toCompletableFuture().isDone()) {
                    assertThat(put(store, ticketOf(0))).isTrue();
                }
                assertThat(failureOf(putting)).hasMessage("Redis did not answer within 3000 ms");
                assertThat(answers.number()).isPositive();
            }

            Fixture.await(PATIENT, () -> isPut(store, ticketOf(1)));
            assertThat(relay.requestsWith(late.sha256())).isZero();
        }
        NODES.forEach(node -> node.cli().flushall());
    }

    @Test
    void aNodeThatFallsSilentIsSaidOnceThoughTheOtherOneAnswers() {
        try (Log log = new Log(RedisTicketStore.class);
                RedisTicketStore store = RedisTicketStore.clusterBuilder(List.of(uri()))
                        .timeout(Duration.ofSeconds(2))
                        .build()) {
            Fixture.await(PATIENT, () -> isPut(store, ticketOf(0)));
            Fixture.await(PATIENT, () -> isPut(store, ticketOf(1)));
            relay.swallowEverything();
            for (int i = 0; i < 2; i++) {
                CompletionStage<Boolean> putting = store.put(ticketOf(1), ALICE, Fixture.LONG);
                while (!putting.toCompletableFuture().isDone()) {
                    assertThat(put(store, ticketOf(0))).isTrue();
                }
                assertThat(failureOf(putting)).isNotNull();
            }
            relay.heal();
            relay.cut();

            Fixture.await(Duration.ofSeconds(30), () -> {
                awaitRecovery(store);
                return !log.said(Level.INFO).isEmpty();
            });
            assertThat(log.said(Level.WARNING))
                    .singleElement()
                    .asString()
                    .contains("Tickets, or some of them, can be neither kept nor redeemed", "did not answer within");
            assertThat(log.said(Level.INFO)).singleElement().asString().contains("works again");
            assertThat(log.stackTraces()).isEmpty();
        }
        NODES.forEach(node -> node.cli().flushall());
    }

    private static Ticket ticketOf(int node) {
        return Stream.generate(Fixture::ticket)
                .filter(ticket -> SlotHash.getSlot("ticket:" + ticket.sha256()) < SLOTS / 2 == (node == 0))
                .findFirst()
                .orElseThrow();
    }

    private static void awaitTaken(RedisTicketStore store, Ticket ticket) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            try {
                assertThat(take(store, ticket)).contains(ALICE);
                return;
            } catch (TicketStoreException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Fixture.pause();
            }
        }
    }

    private static RedisTicketStore patientCluster(RedisURI node) {
        return RedisTicketStore.clusterBuilder(List.of(node)).timeout(PATIENT).build();
    }

    private static RedisURI uriOf(String account) {
        return RedisURI.builder(uri()).withAuthentication(account, "secret").build();
    }

    private static RedisURI uri() {
        return NODES.get(0).uri();
    }

    private static Redis startNode(String name, String... settings) throws IOException {
        Path home = Files.createDirectory(directory.resolve(name));
        return new Redis(Stream.concat(Stream.of("cluster-enabled yes", "dir " + home), Stream.of(settings))
                .toArray(String[]::new));
    }

    private static void awaitWholeCluster(Redis node) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < end) {
            if (node.cli().clusterInfo().contains("cluster_state:ok")
                    && node.cli().clusterInfo().contains("cluster_size:2")) {
                return;
            }
            Fixture.pause();
        }
        throw new AssertionError(node.cli().clusterInfo());
    }
}
