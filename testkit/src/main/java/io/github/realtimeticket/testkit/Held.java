// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A connection over a bare socket that stays open until one of the two ends it: a WebSocket (RFC 6455), or a stream over HTTP. */
final class Held implements AutoCloseable {

    static final int NO_CODE = 0;

    private static final int CLOSE = 8;

    private final Socket socket;
    private final InputStream in;
    private final boolean isWebSocket;
    private final String username;
    private boolean leaving;

    /**
     * One frame of the server, of at most 64 kibibytes.
     *
     * @param payload a character for each byte
     */
    private record Frame(int opcode, String payload) {
        byte[] bytes() {
            return payload.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** What the server has just opened, once it has said whose it is. */
    Held(Socket socket, InputStream in, boolean isWebSocket, Opening.Greeting greeting) throws IOException {
        this.socket = socket;
        this.in = in;
        this.isWebSocket = isWebSocket;
        username = isWebSocket ? greeted(greeting) : begun();
    }

    static Held of(URI uri, String query, Opening.Greeting greeting) throws IOException {
        boolean isWebSocket = uri.getScheme().equals("ws");
        List<String> lines = isWebSocket ? Opening.HANDSHAKE : List.of("Connection: close");
        Socket socket = Answer.connect(uri);
        socket.getOutputStream().write(Answer.request(uri, "GET", Opening.target(uri, query), lines));
        var in = new BufferedInputStream(socket.getInputStream());
        int status = Answer.head(in).status();
        if (status != (isWebSocket ? 101 : 200)) {
            socket.close();
            throw new IOException("Refused with " + status);
        }
        return new Held(socket, in, isWebSocket, greeting);
    }

    String username() {
        return username;
    }

    void waitAtMost(Duration patience) throws IOException {
        socket.setSoTimeout((int) patience.toMillis());
    }

    void say(String text) throws IOException {
        send(Opening.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Says this again and again, whether or not the server is still there. */
    void insist(String text) throws IOException {
        try {
            for (int i = 0; i < 20; i++) {
                say(text);
            }
        } catch (SocketException gone) {
            // Nobody hears it.
        }
    }

    /** Ends it as a browser does whose page goes away. */
    void leave() throws IOException {
        if (isWebSocket) {
            leaving = true;
            send(CLOSE, new byte[] {0x03, (byte) 0xe9});
            int unused = end();
        }
    }

    /** Waits until the server ends it, and tells with which close code; {@link #NO_CODE} if there is none. */
    int end() throws IOException {
        if (!isWebSocket) {
            byte[] unused = in.readAllBytes();
            return NO_CODE;
        }
        int code = closeCode();
        if (!leaving) {
            answerClose(code);
        }
        return code;
    }

    /** Waits for the close code, and leaves the close unanswered; {@link #NO_CODE} if there is none. */
    int closeCode() throws IOException {
        Frame frame = frame();
        while (frame.opcode() != CLOSE) {
            frame = frame();
        }
        String payload = frame.payload();
        return payload.isEmpty() ? NO_CODE : (payload.charAt(0) << 8) | payload.charAt(1);
    }

    /** Answers a close with this code, and tells whether the server ends the connection and has sent nothing behind its own. */
    boolean isOver(int code) throws IOException {
        try {
            answerClose(code);
            return in.read() < 0;
        } catch (SocketException reset) {
            // Some servers end it like this.
            return true;
        }
    }

    /** Waits for a text message of the server that this is a part of. */
    void hear(String part) throws IOException {
        String unused = heard(text -> Optional.of(text).filter(whole -> whole.contains(part)));
    }

    /** Whether the server does not end the stream for a while, however much it sends. */
    boolean isLeftAlone() throws IOException {
        int patience = socket.getSoTimeout();
        long end = System.nanoTime() + 200_000_000;
        socket.setSoTimeout(200);
        try {
            while (System.nanoTime() - end < 0) {
                if (in.read() < 0) {
                    return false;
                }
            }
            return true;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(patience);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String greeted(Opening.Greeting greeting) throws IOException {
        for (String message : greeting.says()) {
            say(message);
        }
        return heard(greeting.username());
    }

    private String heard(Function<String, Optional<String>> wanted) throws IOException {
        while (true) {
            Frame frame = frame();
            if (frame.opcode() == CLOSE) {
                throw new IOException("The server closed the connection before it said what is waited for");
            }
            Optional<String> found = frame.opcode() == Opening.TEXT
                    ? wanted.apply(new String(frame.bytes(), StandardCharsets.UTF_8))
                    : Optional.empty();
            if (found.isPresent()) {
                return found.get();
            }
        }
    }

    // The first letters in the body, which may be in chunks or in an event.
    private String begun() throws IOException {
        var body = new StringBuilder();
        while (true) {
            body.append((char) Answer.one(in));
            for (String known : List.of("alice", "bob")) {
                if (body.toString().endsWith(known)) {
                    return known;
                }
            }
        }
    }

    private Frame frame() throws IOException {
        int head = Answer.one(in);
        int length = Answer.one(in);
        byte[] payload = Answer.exactly(in, length < 126 ? length : (Answer.one(in) << 8) | Answer.one(in));
        return new Frame(head & 0x0f, new String(payload, StandardCharsets.ISO_8859_1));
    }

    // A server may wait for the answer (RFC 6455 section 7.1.1).
    private void answerClose(int code) throws IOException {
        send(CLOSE, code == NO_CODE ? new byte[0] : new byte[] {(byte) (code >> 8), (byte) code});
    }

    private void send(int opcode, byte[] payload) throws IOException {
        socket.getOutputStream().write(Opening.masked(opcode, payload));
    }
}
