// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that shows what is really on the wire. */
final class Wire implements AutoCloseable {

    private final Socket socket;
    private final DataInputStream in;

    Wire(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Sends a WebSocket handshake with these further header lines. */
    void handshake(String target, String... headers) throws IOException {
        send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + String.join("", lines(headers)) + "\r\n");
    }

    /** Sends a plain request with this body. */
    void post(String target, String body) throws IOException {
        send("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** Sends what a browser asks before a page of this origin may post. */
    void preflight(String target, String origin) throws IOException {
        send("OPTIONS " + target + " HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin
                + "\r\nAccess-Control-Request-Method: POST\r\n\r\n");
    }

    /** Sends a text frame of at most 125 ASCII characters (RFC 6455 section 5.2), masked with zeros. */
    void text(String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(payload, 0, frame, 6, payload.length);
        socket.getOutputStream().write(frame);
    }

    /** Awaits a short frame and answers its opcode and its payload. */
    String frame() throws IOException {
        int opcode = in.readUnsignedByte() & 0x0f;
        byte[] payload = in.readNBytes(in.readUnsignedByte());
        return opcode == 8
                ? "close " + (((payload[0] & 0xff) << 8) | (payload[1] & 0xff))
                : "text " + new String(payload, StandardCharsets.UTF_8);
    }

    /** Awaits an answer, its body as long as {@code Content-Length} says. */
    Answer answer() throws IOException {
        int status = Integer.parseInt(line().substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Answer(status, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    /** Awaits the end of the connection and answers what came before it. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /** Sends this as it is. */
    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String[] lines(String... headers) {
        String[] lines = headers.clone();
        for (int i = 0; i < lines.length; i++) {
            lines[i] += "\r\n";
        }
        return lines;
    }

    record Answer(int status, Map<String, String> headers, String body) {}
}
