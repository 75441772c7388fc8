// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Turns;
import io.github.realtimeticket.fixtures.Turns.Cost;
import io.github.realtimeticket.redis.HistoryCheck;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.lettuce.core.RedisURI;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Issuing and redeeming through the store in Redis, beside bare Lettuce on one connection that sets and takes the same bytes; beside
 * the same that asks for the history behind each of its commands; and beside the original package's way (SET, then EXPIRE; GET, then
 * DEL).
 */
public final class RedisBesideBareLettuce {

    private static final int[] IN_FLIGHT = numbers("inFlight", "1,50,1000");
    private static final int[] OUTSTANDING = numbers("outstanding", "0");
    private static final int OPERATIONS = Integer.getInteger("operations", 50_000);
    private static final long TIME_TO_LIVE = TicketStore.LONGEST_TIME_TO_LIVE.toMillis();

    private RedisBesideBareLettuce() {}

    /** Measures against a Redis of its own, or against the one at the address that is given. */
    public static void main(String[] arguments) throws Exception {
        try (RedisForARun redis = RedisForARun.start(arguments)) {
            measure(redis.url());
        }
    }

    private static void measure(String url) throws Exception {
        RedisURI uri = RedisURI.create(url);
        try (Bare bare = new Bare(url);
                RedisTicketStore checked = RedisTicketStore.connect(uri);
                RedisTicketStore unchecked =
                        RedisTicketStore.builder(uri).history(HistoryCheck.OFF).build()) {
            int before = 0;
            for (int outstanding : OUTSTANDING) {
                keep(bare, outstanding - before);
                before = outstanding;
                for (int inFlight : IN_FLIGHT) {
                    int operations = inFlight == 1 ? OPERATIONS / 10 : OPERATIONS;
                    String where = String.format(", %,d in flight, %,d outstanding", inFlight, outstanding);
                    Turns.compare(
                            List.of("Issue" + where, "Redeem" + where),
                            List.of(
                                    new OneCommand(bare, operations, inFlight),
                                    new Ours("ours, history checked", checked, operations, inFlight),
                                    new Ours("ours, history off", unchecked, operations, inFlight),
                                    new HistoryAsked(bare, operations, inFlight),
                                    new TwoCommands(bare, operations, inFlight)));
                }
            }
        }
    }

    /** Sets what nobody takes, for longer than the run. */
    private static void keep(Bare bare, int more) throws InterruptedException {
        long day = TimeUnit.DAYS.toMillis(1);
        run(i -> bare.connection().async().set(Bare.key(Bare.name()), Bare.VALUE, Bare.onceFor(day)), more, 1000);
    }

    private static void run(IntFunction<CompletionStage<?>> operation, int operations, int inFlight)
            throws InterruptedException {
        var places = new Semaphore(inFlight);
        var failure = new AtomicReference<@Nullable Throwable>();
        for (int i = 0; i < operations && failure.get() == null; i++) {
            places.acquire();
            CompletionStage<?> unused = operation.apply(i).whenComplete((answer, fault) -> {
                if (fault != null) {
                    failure.compareAndSet(null, fault);
                }
                places.release();
            });
        }
        places.acquire(inFlight);
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
    }

    private static int[] numbers(String property, String unlessSet) {
        return Arrays.stream(System.getProperty(property, unlessSet).split(",", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private abstract static class Candidate implements Turns.Candidate {
        final int operations;
        private final int inFlight;

        Candidate(int operations, int inFlight) {
            this.operations = operations;
            this.inFlight = inFlight;
        }

        abstract void prepare();

        abstract CompletionStage<?> issue(int i);

        abstract CompletionStage<?> redeem(int i);

        @Override
        public List<Cost> run() throws Exception {
            prepare();
            return List.of(
                    Cost.of(operations, () -> RedisBesideBareLettuce.run(this::issue, operations, inFlight)),
                    Cost.of(operations, () -> RedisBesideBareLettuce.run(this::redeem, operations, inFlight)));
        }
    }

    private static final class Ours extends Candidate {
        private final String name;
        private final Tickets tickets;
        private final Gate gate;
        private Ticket[] issued = new Ticket[0];

        Ours(String name, RedisTicketStore store, int operations, int inFlight) {
            super(operations, inFlight);
            this.name = name;
            tickets = Tickets.builder(store)
                    .timeToLive(TicketStore.LONGEST_TIME_TO_LIVE)
                    .build();
            gate = Gate.of(tickets);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        void prepare() {
            issued = new Ticket[operations];
        }

        @Override
        CompletionStage<?> issue(int i) {
            return tickets.issue(Bare.ALICE).thenAccept(ticket -> issued[i] = ticket);
        }

        @Override
        CompletionStage<?> redeem(int i) {
            return gate.admit(issued[i]).thenAccept(admission -> {
                if (admission instanceof Admission.Refused refused) {
                    throw new IllegalStateException(refused.toString());
                }
            });
        }
    }

    private static class OneCommand extends Candidate {
        final Bare bare;
        byte[][] keys = new byte[0][];

        OneCommand(Bare bare, int operations, int inFlight) {
            super(operations, inFlight);
            this.bare = bare;
        }

        @Override
        public String name() {
            return "bare Lettuce";
        }

        @Override
        void prepare() {
            keys = new byte[operations][];
            Arrays.setAll(keys, i -> Bare.key(Bare.name()));
        }

        @Override
        CompletionStage<?> issue(int i) {
            return bare.connection().async().set(keys[i], Bare.VALUE, Bare.onceFor(TIME_TO_LIVE));
        }

        @Override
        CompletionStage<?> redeem(int i) {
            return bare.connection().async().getdel(keys[i]);
        }
    }

    private static final class HistoryAsked extends OneCommand {
        HistoryAsked(Bare bare, int operations, int inFlight) {
            super(bare, operations, inFlight);
        }

        @Override
        public String name() {
            return "bare Lettuce, history asked";
        }

        @Override
        CompletionStage<?> issue(int i) {
            return withHistory(super.issue(i));
        }

        @Override
        CompletionStage<?> redeem(int i) {
            return withHistory(super.redeem(i));
        }

        private CompletionStage<?> withHistory(CompletionStage<?> answer) {
            return answer.thenCombine(bare.connection().async().info("replication"), (value, history) -> history);
        }
    }

    private static final class TwoCommands extends OneCommand {
        TwoCommands(Bare bare, int operations, int inFlight) {
            super(bare, operations, inFlight);
        }

        @Override
        public String name() {
            return "SET, EXPIRE; GET, DEL";
        }

        @Override
        CompletionStage<?> issue(int i) {
            return bare.connection().async().set(keys[i], Bare.VALUE).thenCompose(ok -> bare.connection()
                    .async()
                    .pexpire(keys[i], TIME_TO_LIVE));
        }

        @Override
        CompletionStage<?> redeem(int i) {
            return bare.connection().async().get(keys[i]).thenCompose(value -> bare.connection()
                    .async()
                    .del(keys[i]));
        }
    }
}
