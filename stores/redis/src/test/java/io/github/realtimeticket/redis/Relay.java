// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.lettuce.core.RedisURI;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.net.ServerSocketFactory;

/** A relay between client and server on loopback that can lose or hold back what it carries, and remembers the requests. */
final class Relay implements AutoCloseable {

    private final ServerSocket listener;
    private volatile int target;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final ByteArrayOutputStream requests = new ByteArrayOutputStream();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile boolean open = true;
    private final AtomicInteger frozen = new AtomicInteger();
    private final AtomicInteger mute = new AtomicInteger();
    private volatile Duration delay = Duration.ZERO;
    private volatile UnaryOperator<String> answers = UnaryOperator.identity();

    Relay(int target) throws IOException {
        this(target, ServerSocketFactory.getDefault());
    }

    /** With a factory for TLS, the relay is what a server with TLS is to its clients. */
    Relay(int target, ServerSocketFactory sockets) throws IOException {
        this.target = target;
        listener = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    RedisURI uri() {
        return RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(listener.getLocalPort())
                .build();
    }

    /** Leads new connections to another server, as a name does after a failover. */
    void leadTo(int port) {
        target = port;
    }

    /** Loses every answer on the connections that there are, and none on new ones. */
    void swallowAnswers() {
        mute.set(accepted.get());
    }

    void swallowEverything() {
        open = false;
    }

    /** Carries nothing more on the connections that there are, and everything on new ones: a host that vanished. */
    void freezeConnections() {
        frozen.set(accepted.get());
    }

    void delayAnswers(Duration time) {
        delay = time;
    }

    /** Changes what the server says, as a proxy may. */
    void changeAnswers(UnaryOperator<String> change) {
        answers = change;
    }

    void heal() {
        open = true;
        delay = Duration.ZERO;
    }

    /** Ends the connections that there are. */
    void cut() {
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            closeQuietly(socket);
        }
    }

    int accepted() {
        return accepted.get();
    }

    /** How often this text was on the way to the server, or would have been. */
    int requestsWith(String text) {
        String sent = requests.toString(StandardCharsets.ISO_8859_1);
        int count = 0;
        for (int at = sent.indexOf(text); at >= 0; at = sent.indexOf(text, at + 1)) {
            count++;
        }
        return count;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                int number = accepted.incrementAndGet();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                start(() -> carry(number, client, server, true));
                start(() -> carry(number, server, client, false));
            }
        } catch (IOException closed) {
            cut();
        }
    }

    private void carry(int number, Socket from, Socket to, boolean request) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (request) {
                    requests.write(buffer, 0, length);
                } else {
                    Thread.sleep(delay.toMillis());
                }
                if (open && number > (request ? frozen.get() : Math.max(frozen.get(), mute.get()))) {
                    String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
                    out.write((request ? text : answers.apply(text)).getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        } catch (IOException | InterruptedException ended) {
            // The other direction ends with the sockets.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // It is closed then.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
