// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.backends;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.interop.TicketRedis;
import io.github.realtimeticket.testkit.BackendContract;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A backend of others on a real Redis in which Java issues, with a relay between the two that can fail. */
abstract class Redeemer extends BackendContract {

    /** The command that redeems. */
    static final String REDEMPTION = "GETDEL";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Program.Source source;
    private final Keys keys;

    private TicketRedis redis;
    private Relay relay;
    private Tickets tickets;
    private Tickets brief;
    private RunningProgram program;

    Redeemer(Program.Source source, Keys keys) {
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
}
