// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Requests;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.vertx.TicketHandshakeHandler;
import io.lettuce.core.RedisURI;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long after a logout the sockets of its session are closed: two backends, each a process of its own with a Vert.x gate, over one
 * Redis, with {@code -Dconnections=} open WebSockets each, a session having one at each. First a tenth of the sessions log out, a
 * hundred in a second; then all the others at once. The clients are two more processes; {@link System#nanoTime} is the same clock in all.
 *
 * <p>First a logout is an order to revoke, given by this process; then it is a {@code POST /logout} of a Spring application, a process of its own,
 * in which each session is a login.
 */
public final class LogoutToClosed {

    private static final int SESSIONS = Integer.getInteger("connections", 10_000);
    private static final int PACED = SESSIONS / 10;
    private static final int BACKENDS = 2;
    private static final byte CLOSE = (byte) 0x88;
    private static final byte UNAUTHORIZED_HIGH = (byte) (Revocation.UNAUTHORIZED >> 8);

    private LogoutToClosed() {}

    /** Measures against a Redis of its own, or against the one at the address that is given. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 3 && arguments[0].equals("clients")) {
            watch(arguments[1], Integer.parseInt(arguments[2]));
        } else if (arguments.length == 2) {
            serveUntilTheEnd(arguments[0].equals("backend") ? serve(arguments[1]) : Logins.serve(arguments[1]));
        } else {
            try (RedisForARun redis = RedisForARun.start(arguments)) {
                measureOrders(redis.url());
                measureRequests(redis.url());
            }
        }
    }

    private static void measureOrders(String redis) throws Exception {
        List<String> sessions =
                IntStream.range(0, SESSIONS).mapToObj(i -> "session " + i).toList();
        try (RedisTicketStore store = RedisTicketStore.connect(RedisURI.create(redis))) {
            Revocations revocations = store.revocations();
            measure("Revocations.revoke", redis, sessions, session -> {
                long asked = System.nanoTime();
                return revocations
                        .revoke(Revocation.session(session))
                        .thenApply(done -> asked)
                        .toCompletableFuture();
            });
        }
    }

    private static void measureRequests(String redis) throws Exception {
        List<Process> started = new ArrayList<>();
        String port = start(started, "application", redis).readLine();
        try (var logins = new Logins(Integer.parseInt(port))) {
            measure("POST /logout", redis, logins.logIn(SESSIONS), logins::logOut);
        } finally {
            started.forEach(Process::destroy);
        }
    }

    /** Measures with a way to end a session, which answers when that was asked for. */
    private static void measure(
            String title, String redis, List<String> sessions, Function<String, CompletableFuture<Long>> logout)
            throws Exception {
        List<Process> started = new ArrayList<>();
        List<BufferedReader> clients = new ArrayList<>();
        try {
            for (int i = 0; i < BACKENDS; i++) {
                String port = start(started, "backend", redis).readLine();
                clients.add(start(started, "clients", redis, port));
                try (var names = started.get(started.size() - 1).outputWriter()) {
                    names.write(String.join(",", sessions));
                    names.newLine();
                }
            }
            for (BufferedReader ready : clients) {
                System.out.println(ready.readLine());
            }
            long[] revoked = endAll(sessions, logout);
            List<long[]> closed = new ArrayList<>();
            for (BufferedReader times : clients) {
                closed.add(Stream.of(times.readLine().split(" "))
                        .mapToLong(Long::parseLong)
                        .toArray());
            }
            print(title + ", " + PACED + " at 100 a second", 0, PACED, revoked, closed);
            print(title + ", " + (SESSIONS - PACED) + " at once", PACED, SESSIONS, revoked, closed);
        } finally {
            started.forEach(Process::destroy);
        }
    }

    private static BufferedReader start(List<Process> started, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dconnections=" + SESSIONS,
                "-cp",
                System.getProperty("java.class.path"),
                LogoutToClosed.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(process);
        return process.inputReader();
    }

    private static long[] endAll(List<String> sessions, Function<String, CompletableFuture<Long>> logout) {
        List<CompletableFuture<Long>> all = new ArrayList<>();
        long start = System.nanoTime();
        for (int session = 0; session < SESSIONS; session++) {
            if (session < PACED) {
                sleepUntil(start + session * TimeUnit.MILLISECONDS.toNanos(10));
            } else if (session == PACED) {
                sleepUntil(System.nanoTime() + TimeUnit.SECONDS.toNanos(3));
            }
            all.add(logout.apply(sessions.get(session)));
        }
        return all.stream().mapToLong(CompletableFuture::join).toArray();
    }

    private static void sleepUntil(long nanoTime) {
        while (nanoTime - System.nanoTime() > 0) {
            LockSupport.parkNanos(nanoTime - System.nanoTime());
        }
    }

    private static void print(String title, int from, int to, long[] revoked, List<long[]> closed) {
        double[] milliseconds = closed.stream()
                .flatMapToDouble(times -> IntStream.range(from, to).mapToDouble(i -> (times[i] - revoked[i]) / 1e6))
                .sorted()
                .toArray();
        System.out.printf(
                "%s: half of the connections are closed after %.0f ms, 99 %% after %.0f ms, all after %.0f ms%n",
                title,
                milliseconds[milliseconds.length / 2],
                milliseconds[milliseconds.length * 99 / 100],
                milliseconds[milliseconds.length - 1]);
    }

    private static int serve(String redis) {
        RedisTicketStore store = RedisTicketStore.connect(RedisURI.create(redis));
        Gate gate =
                Gate.of(Tickets.builder(store).revocations(store.revocations()).build());
        return Vertx.vertx()
                .createHttpServer()
                .requestHandler(TicketHandshakeHandler.of(gate, (admitted, socket) -> {}))
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
    }

    private static void serveUntilTheEnd(int port) throws IOException {
        System.out.println(port);
        // Until the other end of it is gone.
        int unused = System.in.read();
        System.exit(0);
    }

    private static void watch(String redis, int port) throws IOException {
        String[] names = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))
                .readLine()
                .split(",", -1);
        Selector selector = Selector.open();
        long start = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try (RedisTicketStore store = RedisTicketStore.connect(RedisURI.create(redis))) {
            Tickets tickets = Tickets.of(store);
            List<CompletableFuture<SocketChannel>> all = Stream.of(names)
                    .map(name -> CompletableFuture.supplyAsync(() -> open(tickets, name, port), threads))
                    .toList();
            for (int session = 0; session < SESSIONS; session++) {
                SelectionKey unused = all.get(session)
                        .join()
                        .configureBlocking(false)
                        .register(selector, SelectionKey.OP_READ, session);
            }
        }
        threads.shutdown();
        System.out.printf("%d connections are open after %.1f s%n", SESSIONS, (System.nanoTime() - start) / 1e9);
        var closed = new long[SESSIONS];
        var frame = ByteBuffer.allocate(256);
        for (int left = SESSIONS; left > 0; ) {
            int unused = selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                var socket = (SocketChannel) key.channel();
                int read = socket.read(frame.clear());
                if (read < 4 || frame.get(0) != CLOSE || frame.get(2) != UNAUTHORIZED_HIGH) {
                    throw new IllegalStateException("No close frame of 3000");
                }
                closed[(int) key.attachment()] = System.nanoTime();
                socket.close();
                left--;
            }
            selector.selectedKeys().clear();
        }
        System.out.println(Arrays.stream(closed).mapToObj(Long::toString).collect(Collectors.joining(" ")));
    }

    private static SocketChannel open(Tickets tickets, String session, int port) {
        Ticket ticket = tickets.issue(TicketGrant.to(Bare.ALICE).withSession(session), null)
                .toCompletableFuture()
                .join();
        try {
            var socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            var request = ByteBuffer.wrap(Requests.handshake("/?ticket=" + ticket.reveal()));
            while (request.hasRemaining()) {
                int unused = socket.write(request);
            }
            String answer = readAnswer(socket);
            if (!answer.startsWith("HTTP/1.1 101 ")) {
                throw new IllegalStateException(answer);
            }
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String readAnswer(SocketChannel socket) throws IOException {
        var buffer = ByteBuffer.allocate(4096);
        String read;
        do {
            if (socket.read(buffer) < 0) {
                throw new IllegalStateException("Closed in place of an answer");
            }
            read = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
        } while (!read.endsWith("\r\n\r\n"));
        return read;
    }
}
