// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.backends;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** A relay between a backend and its Redis that can fail in several ways, and counts the redemptions. */
final class Relay implements AutoCloseable {

    /** How it carries. */
    enum State {
        OPEN,
        /** No connection lasts. */
        CUT,
        /** What arrives stays here. */
        SILENT,
        /** Everything arrives but the answer to a redemption, which ends its connection instead. */
        LOSES_REDEMPTIONS
    }

    private static final String REDEMPTION = "GETDEL";

    private final int target;
    private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final ByteArrayOutputStream requests = new ByteArrayOutputStream();
    private volatile State state = State.OPEN;

    Relay(int target) throws IOException {
        this.target = target;
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Carries like this from now on. A change to or from an interruption ends the connections that there are. */
    void become(State next) {
        state = next;
        if (next != State.LOSES_REDEMPTIONS && next != State.SILENT) {
            cut();
        }
    }

    State state() {
        return state;
    }

    /** How many commands were sent that redeem. */
    int redemptions() {
        return redemptionsIn(requests.toByteArray());
    }

    private static int redemptionsIn(byte[] requests) {
        String commands = new String(requests, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
        return commands.split(REDEMPTION, -1).length - 1;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                if (state == State.CUT) {
                    client.close();
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                var redeeming = new AtomicBoolean();
                start(() -> carry(client, server, request -> {
                    requests.writeBytes(request);
                    redeeming.set(redemptionsIn(request) > 0);
                    return true;
                }));
                start(() -> carry(server, client, answer -> state != State.LOSES_REDEMPTIONS || !redeeming.get()));
            }
        } catch (IOException closed) {
            cut();
        }
    }

    private void carry(Socket from, Socket to, Predicate<byte[]> arrives) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (!arrives.test(Arrays.copyOf(buffer, length))) {
                    return;
                }
                if (state != State.SILENT) {
                    out.write(buffer, 0, length);
                }
            }
        } catch (IOException ended) {
            // The other direction ends with the sockets.
        }
    }

    private void cut() {
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            try {
                socket.close();
            } catch (IOException ignored) {
                // It is closed then.
            }
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
