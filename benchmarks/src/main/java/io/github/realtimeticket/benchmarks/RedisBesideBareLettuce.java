// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.redis.HistoryCheck;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;
import redis.embedded.RedisServer;

/**
 * Issuing and redeeming through the store in Redis, beside bare Lettuce on one connection that sets and takes the same bytes; and
 * beside the original package's way (SET, then EXPIRE; GET, then DEL). All candidates take turns in one run, and each figure is the
 * median of the rounds' ratios to bare Lettuce, so that a busy machine matters little.
 */
public final class RedisBesideBareLettuce {

    private static final int ROUNDS = Integer.getInteger("rounds", 9);
    private static final int[] IN_FLIGHT = Arrays.stream(
                    System.getProperty("inFlight", "1,50,1000").split(",", -1))
            .mapToInt(Integer::parseInt)
            .toArray();
    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");

    private RedisBesideBareLettuce() {}

    /** Measures against a Redis of its own, or against the one at the address that is given. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            measure(RedisURI.create(arguments[0]));
            return;
        }
        var server = RedisServer.newRedisServer()
                .port(18_999)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        server.start();
        try {
            measure(RedisURI.create("127.0.0.1", 18_999));
        } finally {
            server.stop();
        }
    }

    private static void measure(RedisURI uri) throws Exception {
        RedisClient client = RedisClient.create(uri);
        try (StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
                RedisTicketStore checked = RedisTicketStore.connect(uri);
                RedisTicketStore unchecked =
                        RedisTicketStore.builder(uri).history(HistoryCheck.OFF).build()) {
            var candidates = List.of(
                    new Bare(connection),
                    new Ours("ours, history checked", checked),
                    new Ours("ours, history off", unchecked),
                    new TwoCommands(connection));
            System.out.printf("%-24s %9s %22s %22s%n", "", "in flight", "issue", "redeem");
            for (int inFlight : IN_FLIGHT) {
                compare(candidates, inFlight);
            }
        } finally {
            client.shutdown();
        }
    }

    private static void compare(List<Candidate> candidates, int inFlight) throws Exception {
        int operations = inFlight == 1 ? 5_000 : 50_000;
        var figures = new double[candidates.size()][4][ROUNDS];
        for (int round = -2; round < ROUNDS; round++) {
            var first = new double[4];
            for (int i = 0; i < candidates.size(); i++) {
                Candidate candidate = candidates.get(i);
                candidate.prepare(operations);
                double[] issue = run(candidate::issue, operations, inFlight);
                double[] redeem = run(candidate::redeem, operations, inFlight);
                double[] now = {issue[0], issue[1], redeem[0], redeem[1]};
                if (i == 0) {
                    first = now;
                }
                for (int figure = 0; round >= 0 && figure < 4; figure++) {
                    figures[i][figure][round] =
                            figure % 2 == 0 ? first[figure] / now[figure] : now[figure] / first[figure];
                }
            }
        }
        for (int i = 0; i < candidates.size(); i++) {
            double[][] of = figures[i];
            System.out.printf(
                    "%-24s %,9d   %8.2f (cpu %4.2f)    %8.2f (cpu %4.2f)%n",
                    candidates.get(i).name(), inFlight, median(of[0]), median(of[1]), median(of[2]), median(of[3]));
        }
    }

    /** Nanoseconds of time, and of the process's processor time, that an operation takes. */
    private static double[] run(IntFunction<CompletionStage<?>> operation, int operations, int inFlight)
            throws InterruptedException {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        var places = new Semaphore(inFlight);
        long processor = system.getProcessCpuTime();
        long start = System.nanoTime();
        for (int i = 0; i < operations; i++) {
            places.acquire();
            CompletionStage<?> unused = operation.apply(i).whenComplete((answer, fault) -> {
                if (fault != null) {
                    throw new IllegalStateException(fault);
                }
                places.release();
            });
        }
        places.acquire(inFlight);
        long time = System.nanoTime() - start;
        return new double[] {(double) time / operations, (double) (system.getProcessCpuTime() - processor) / operations
        };
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private interface Candidate {
        String name();

        void prepare(int operations);

        CompletionStage<?> issue(int i);

        CompletionStage<?> redeem(int i);
    }

    private static final class Ours implements Candidate {
        private final String name;
        private final Tickets tickets;
        private final Gate gate;
        private Ticket[] issued = new Ticket[0];

        Ours(String name, RedisTicketStore store) {
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
        public void prepare(int operations) {
            issued = new Ticket[operations];
        }

        @Override
        public CompletionStage<?> issue(int i) {
            return tickets.issue(ALICE).thenAccept(ticket -> issued[i] = ticket);
        }

        @Override
        public CompletionStage<?> redeem(int i) {
            return gate.admit(issued[i]).thenAccept(admission -> {
                if (admission instanceof Admission.Refused refused) {
                    throw new IllegalStateException(refused.toString());
                }
            });
        }
    }

    private static class Bare implements Candidate {
        final StatefulRedisConnection<byte[], byte[]> connection;
        final byte[] value = TicketValueCodec.encode(new TicketValue(ALICE, TicketBinding.none(), Instant.now()));
        byte[][] keys = new byte[0][];

        Bare(StatefulRedisConnection<byte[], byte[]> connection) {
            this.connection = connection;
        }

        @Override
        public String name() {
            return "bare Lettuce";
        }

        @Override
        public void prepare(int operations) {
            keys = new byte[operations][];
            for (int i = 0; i < operations; i++) {
                String key = "bare:" + String.format("%064x", System.nanoTime() * 1_000_003 + i);
                keys[i] = key.getBytes(StandardCharsets.US_ASCII);
            }
        }

        @Override
        public CompletionStage<?> issue(int i) {
            return connection.async().set(keys[i], value, SetArgs.Builder.nx().px(300_000));
        }

        @Override
        public CompletionStage<?> redeem(int i) {
            return connection.async().getdel(keys[i]);
        }
    }

    private static final class TwoCommands extends Bare {
        TwoCommands(StatefulRedisConnection<byte[], byte[]> connection) {
            super(connection);
        }

        @Override
        public String name() {
            return "SET, EXPIRE; GET, DEL";
        }

        @Override
        public CompletionStage<?> issue(int i) {
            return connection.async().set(keys[i], value).thenCompose(ok -> connection
                    .async()
                    .expire(keys[i], 300));
        }

        @Override
        public CompletionStage<?> redeem(int i) {
            return connection.async().get(keys[i]).thenCompose(value -> connection
                    .async()
                    .del(keys[i]));
        }
    }
}
