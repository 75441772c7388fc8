// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A client as simple as can be, so that it takes little of what it measures: threads that write a request and read its answer. */
final class Requests {

    private static final String LENGTH = "content-length:";

    private Requests() {}

    /** Sends on as many connections as there are threads, which stay open. */
    static void onKeptConnections(int port, int threads, int requests, byte[] request) throws Exception {
        share(threads, requests, (from, to) -> {
            try (Socket socket = connect(port)) {
                var answers = new BufferedInputStream(socket.getInputStream());
                for (int i = from; i < to; i++) {
                    exchange(socket, answers, request, 200);
                }
            }
        });
    }

    /** Sends each request on a connection of its own, which must become a WebSocket, and is cut then. */
    static void handshakes(int port, int threads, int requests, IntFunction<byte[]> request) throws Exception {
        share(threads, requests, (from, to) -> {
            for (int i = from; i < to; i++) {
                try (Socket socket = connect(port)) {
                    // With a reset: tens of thousands of closed connections would else use up the ports.
                    socket.setSoLinger(true, 0);
                    exchange(socket, new BufferedInputStream(socket.getInputStream()), request.apply(i), 101);
                }
            }
        });
    }

    /** Opens each on a connection of its own: with a handshake, and a first message that must be answered if there is one. */
    static void openings(int port, int threads, Stack.Opening[] openings) throws Exception {
        share(threads, openings.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                Stack.Opening opening = openings[i];
                try (Socket socket = connect(port)) {
                    socket.setSoLinger(true, 0);
                    var answers = new BufferedInputStream(socket.getInputStream());
                    exchange(socket, answers, handshake(opening.target(), opening.subprotocol()), 101);
                    if (opening.first() != null) {
                        say(socket, answers, opening.first(), opening.answer());
                    }
                }
            }
        });
    }

    // Frames of RFC 6455 section 5.2, of fewer than 126 bytes: a client's is masked, here with zeros.
    private static void say(Socket socket, InputStream answers, String text, String expected) throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write(0x81);
        bytes.write(0x80 | text.length());
        bytes.write(new byte[4]);
        bytes.write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(bytes.toByteArray());
        int unused = answers.read();
        int length = answers.read();
        String answer = new String(answers.readNBytes(length), StandardCharsets.US_ASCII);
        if (!answer.contains(expected)) {
            throw new IOException("Expected " + expected + ", not " + answer);
        }
    }

    private interface Share {
        void run(int from, int to) throws IOException;
    }

    private static void share(int threads, int requests, Share share) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> shares = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int from = requests / threads * thread;
                int to = thread == threads - 1 ? requests : from + requests / threads;
                shares.add(() -> {
                    share.run(from, to);
                    return null;
                });
            }
            for (Future<Void> ended : executor.invokeAll(shares)) {
                ended.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static Socket connect(int port) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void exchange(Socket socket, InputStream answers, byte[] request, int expected) throws IOException {
        socket.getOutputStream().write(request);
        String status = line(answers);
        int length = 0;
        for (String header = line(answers); !header.isEmpty(); header = line(answers)) {
            if (header.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
                length = Integer.parseInt(header.substring(LENGTH.length()).trim());
            }
        }
        answers.skipNBytes(length);
        if (!status.startsWith("HTTP/1.1 " + expected)) {
            throw new IOException("Expected " + expected + ", not " + status);
        }
    }

    private static String line(InputStream answers) throws IOException {
        var line = new StringBuilder();
        for (int next = answers.read(); next != '\n'; next = answers.read()) {
            if (next < 0) {
                throw new EOFException("The server closed the connection");
            }
            line.append((char) next);
        }
        return line.toString().trim();
    }

    /** A WebSocket handshake with this path and query. */
    static byte[] handshake(String target) {
        return handshake(target, null);
    }

    private static byte[] handshake(String target, @Nullable String subprotocol) {
        return bytes(
                "GET " + target + " HTTP/1.1"
                        + (subprotocol == null ? "" : "\r\nSec-WebSocket-Protocol: " + subprotocol),
                "Host: localhost",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    }

    static byte[] bytes(String... lines) {
        return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
