// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.backends;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Wire;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.lettuce.core.XAddArgs;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a backend in another language must pass that closes its connections when Java revokes what they belong to. */
abstract class FollowerContract extends RedeemerContract {

    private static final String STREAM = "ticket-revocations";
    private static final int RACERS = 4;
    private static final int RACES = 200;
    private static final int MEANWHILE = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Revocations revocations;
    private Tickets tickets;

    FollowerContract(Program.Source source) {
        super(source, Keys.HASHED);
    }

    @BeforeEach
    void awaitTheFeed() throws Exception {
        if (tickets == null) {
            RedisTicketStore store = redis().store(Keys.HASHED.inJava());
            revocations = store.revocations();
            tickets = Tickets.builder(store).revocations(revocations).build();
        }
        awaitAdmission();
    }

    @Test
    void t16_whatIsRevokedClosesItsConnectionsAndNoOther() throws Exception {
        int before = wholeOutput().length();
        Ticket single = issue(grant(1, "one"));
        try (Connection one = open(single);
                Connection ended = open(issue(grant(2, "ended")));
                Connection locked = open(issue(grant(3, "locked")));
                Connection other = open(issue(grant(4, "other")))) {
            revoke(Revocation.session("ended"));
            revoke(Revocation.holder(3).forbidden());
            revoke(Revocation.ticket(single.sha256()));
            revoke(Revocation.holder("4"));

            assertThat(List.of(ended.closeCode(), locked.closeCode(), one.closeCode()))
                    .containsExactly(3000, 3003, 3000);
            // With this, and not with anything before.
            revoke(Revocation.session("other").forbidden());
            assertThat(other.closeCode()).isEqualTo(3003);
        }
        assertThat(wholeOutput().substring(before)).doesNotContain("Traceback");
    }

    @Test
    void t16_whoeverIsToldToGoGoesWithoutAnAnswer() throws Exception {
        try (var client = new Wire(uri().getPort())) {
            client.handshake(
                    uri().getRawPath() + "?ticket=" + issue(grant(18, null)).reveal());
            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text alice");

            revoke(Revocation.holder(18).forbidden());
            assertThat(client.frame()).isEqualTo("close 3003");
            client.text("after");

            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void t16_whatWasRevokedOpensNothing() throws Exception {
        Ticket ended = issue(grant(5, "over"));
        Ticket locked = issue(grant(6, null));
        Ticket single = issue(grant(7, null));
        revoke(Revocation.session("over"));
        revoke(Revocation.holder(6));
        revoke(Revocation.ticket(single.sha256()));

        assertThat(List.of(status(ended), status(locked), status(single))).containsOnly(401);
        assertThat(status(issue(grant(5, "over")))).as("of the same session").isEqualTo(401);
        assertThat(status(issue(grant(6, "another")))).as("the holder is back").isEqualTo(101);
    }

    @Test
    void t16_aTicketWhoseSessionWasRevokedJustBeforeOpensNothing() throws Exception {
        assertThat(races(race -> {
                    Ticket ticket = issue(grant(8, "race " + race));
                    revoke(Revocation.session("race " + race));
                    return decided(status(ticket), grant(8, "race " + race));
                }))
                .containsOnly(401);
    }

    @Test
    void t16_aTicketWhoseSessionIsRevokedMeanwhileOpensNothingThatStays() throws Exception {
        assertThat(races(race -> {
                    Ticket ticket = issue(grant(9, "meanwhile " + race));
                    CompletableFuture<Void> revoked = revocations
                            .revoke(Revocation.session("meanwhile " + race))
                            .toCompletableFuture();
                    try (Connection connection = open(ticket)) {
                        revoked.get(30, TimeUnit.SECONDS);
                        return connection.status() == 101
                                ? connection.closeCode()
                                : decided(connection.status(), grant(9, "meanwhile " + race));
                    }
                }))
                .isSubsetOf(401, 3000);
    }

    @Test
    void t16_nothingThatIsRevokedDuringAnInterruptionIsLost() throws Exception {
        List<Connection> connections = new ArrayList<>();
        try (Connection other = open(issue(grant(10, "stays")))) {
            for (int i = 0; i < MEANWHILE; i++) {
                connections.add(open(issue(grant(10, "meanwhile, too " + i))));
            }
            relay().refuse();
            for (int i = 0; i < MEANWHILE; i++) {
                revoke(Revocation.session("meanwhile, too " + i));
            }
            // Longer than a feed may be silent.
            TimeUnit.SECONDS.sleep(4);
            relay().heal();

            for (Connection connection : connections) {
                assertThat(connection.closeCode()).isEqualTo(3000);
            }
            revoke(Revocation.session("stays").forbidden());
            assertThat(other.closeCode()).isEqualTo(3003);
        } finally {
            connections.forEach(Connection::close);
        }
    }

    @Test
    void t16_whileTheFeedIsBehindNoTicketOfASessionIsAdmitted() throws Exception {
        relay().loseAnswersTo("XREAD");
        revoke(Revocation.session("nobody hears"));

        assertThat(status(issue(grant(11, "not known")))).isEqualTo(503);
        assertThat(status(issue(grant(11, null)))).isEqualTo(101);
        relay().heal();
        awaitAdmission();
    }

    @Test
    void t16_whereTheStreamHasBeenCutTheConnectionsOfSessionsEnd() throws Exception {
        try (Connection bound = open(issue(grant(12, "bound")))) {
            Ticket outstanding = issue(grant(12, "outstanding"));
            relay().refuse();
            for (int i = 0; i < 5; i++) {
                revoke(Revocation.session("cut " + i));
            }
            redis().cli().xtrim(STREAM, 2);
            relay().heal();

            assertThat(bound.closeCode()).isEqualTo(3000);
            awaitAdmission();
            assertThat(status(outstanding)).isEqualTo(401);
        }
    }

    @Test
    void t16_whereTheStreamIsGoneTheConnectionsOfSessionsEnd() throws Exception {
        revoke(Revocation.session("so that there is one"));
        awaitAdmission();
        try (Connection bound = open(issue(grant(13, "bound, too")))) {
            redis().cli().del(STREAM);

            assertThat(bound.closeCode()).isEqualTo(3000);
            awaitAdmission();
            assertThat(relay().requestsWith("\r\nMAXLEN\r\n$1\r\n~\r\n$6\r\n100000\r\n"))
                    .isEqualTo(relay().requestsWith("\r\nXADD\r\n"));
        }
    }

    @Test
    void t16_inAnotherHistoryTheFeedBeginsAnew() throws Exception {
        try (Connection open = open(issue(grant(14, "of before")))) {
            redis().cli().replicaof("127.0.0.1", 1);
            redis().cli().replicaofNoOne();

            awaitAdmission();
            revoke(Revocation.session("of before").forbidden());
            assertThat(open.closeCode()).isEqualTo(3003);
        }
    }

    @Test
    void t16_whatIsRevokedByASlowerClockEndsTheConnectionsThatWereOpenedByAFasterOne() throws Exception {
        String inAnHour = System.currentTimeMillis() + TimeUnit.HOURS.toMillis(1) + "-0";
        redis().cli().xadd(STREAM, new XAddArgs().id(inAnHour), Map.of("r", "{\"holder\":\"before\"}"));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!inAnHour.equals(revocations.revision()) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(revocations.revision()).isEqualTo(inAnHour);
        try (Connection open = open(issue(grant(17, null)))) {
            relay().refuse();
            redis().cli().multi();
            redis().cli().del(STREAM);
            redis().cli().xadd(STREAM, new XAddArgs().id("1-0"), Map.of("r", "{\"holder\":17}"));
            redis().cli().exec();
            redis().cli().replicaof("127.0.0.1", 1);
            redis().cli().replicaofNoOne();
            relay().heal();

            assertThat(open.closeCode()).isEqualTo(3000);
            awaitAdmission();
        }
    }

    @Test
    void t16_whatCannotBeReadIsSaidAndEndsNothing() throws Exception {
        try (Connection open = open(issue(grant(15, "readable")))) {
            redis().cli().xadd(STREAM, Map.of("r", "{\"sessions\":[]}"));
            redis().cli().xadd(STREAM, Map.of("other", "{\"holder\":15}"));
            revoke(Revocation.session("readable").forbidden());

            assertThat(open.closeCode()).isEqualTo(3003);
            assertThat(output()).contains("cannot be read");
        }
    }

    @Test
    void t17_aConnectionEndsAtItsDeadline() throws Exception {
        Instant until = Instant.now().plusSeconds(3);
        Ticket late = issue(grant(16, null).withUntil(until));
        try (Connection open = open(issue(grant(16, null).withUntil(until)))) {
            assertThat(open.closeCode()).isEqualTo(3000);
            assertThat(Instant.now()).isAfterOrEqualTo(until);
        }

        assertThat(status(late)).isEqualTo(401);
    }

    private interface Race {
        int run(int number) throws Exception;
    }

    private static List<Integer> races(Race race) throws Exception {
        ExecutorService racers = Executors.newFixedThreadPool(RACERS);
        try {
            List<Future<Integer>> outcomes = new ArrayList<>();
            for (int i = 0; i < RACES; i++) {
                int number = i;
                outcomes.add(racers.submit(() -> race.run(number)));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> outcome : outcomes) {
                statuses.add(outcome.get(60, TimeUnit.SECONDS));
            }
            return statuses;
        } finally {
            racers.shutdownNow();
        }
    }

    private static TicketGrant.Granted grant(long holder, String session) {
        TicketGrant.Granted grant = TicketGrant.to(TicketHolder.of(holder, "alice"));
        return session == null ? grant : grant.withSession(session);
    }

    private Ticket issue(TicketGrant.Granted grant) throws Exception {
        return tickets.issue(grant, null).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void revoke(Revocation revocation) throws Exception {
        revocations.revoke(revocation).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private Connection open(Ticket ticket) throws Exception {
        return Connection.open(URI.create(uri() + "?ticket=" + ticket.reveal()));
    }

    private int status(Ticket ticket) throws Exception {
        return status(ticket.reveal());
    }

    /** Waits until tickets of sessions are admitted. */
    private void awaitAdmission() throws Exception {
        assertThat(status(503, grant(0, "any"), status -> status == 101))
                .as(output())
                .isEqualTo(101);
    }

    /**
     * This status, or that of the next tickets of a session that is revoked by now. A gate that is behind, or whose connection to the store
     * was cut, answers 503 for once: that has decided nothing.
     */
    private int decided(int status, TicketGrant.Granted revoked) throws Exception {
        return status(status, revoked, next -> next != 503);
    }

    private int status(int first, TicketGrant.Granted next, IntPredicate wanted) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int status = first;
        while (!wanted.test(status) && System.nanoTime() < deadline) {
            status = status(issue(next));
        }
        return status;
    }
}
