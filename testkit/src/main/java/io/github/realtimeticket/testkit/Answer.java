// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a server answered to a request over a bare socket (RFC 9112): libraries' clients normalize what an attacker does not.
 *
 * @param status the HTTP status
 * @param headers the values of each header, by lower-case name
 * @param text the body; empty if the connection was opened for another protocol
 */
record Answer(int status, Map<String, List<String>> headers, String text) {

    private static final int PATIENCE_MILLIS = 30_000;

    /** Sends exactly this request. */
    static Answer of(URI server, String method, byte[] request) throws IOException {
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(request);
            return read(new BufferedInputStream(socket.getInputStream()), method);
        }
    }

    static Socket connect(URI server) throws IOException {
        var socket = new Socket(server.getHost(), server.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** A request for exactly this target, with these header lines beside {@code Host}. */
    static byte[] request(URI server, String method, String target, List<String> headerLines) {
        List<String> lines = new ArrayList<>();
        lines.add(method + " " + target + " HTTP/1.1");
        lines.add("Host: " + server.getHost() + ":" + server.getPort());
        lines.addAll(headerLines);
        return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    }

    static Answer read(InputStream in, String method) throws IOException {
        Answer head = head(in);
        boolean bare = method.equals("HEAD") || head.status == 101 || head.status == 204;
        return bare
                ? head
                : new Answer(head.status, head.headers, new String(body(in, head.headers), StandardCharsets.UTF_8));
    }

    /** Without the body, which is still to be read. */
    static Answer head(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ", 3)[1]);
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new Answer(status, headers, "");
    }

    List<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    private static byte[] body(InputStream in, Map<String, List<String>> headers) throws IOException {
        if (headers.containsKey("content-length")) {
            return exactly(in, Integer.parseInt(headers.get("content-length").get(0)));
        }
        if (!headers.containsKey("transfer-encoding")) {
            return in.readAllBytes();
        }
        var body = new ByteArrayOutputStream();
        for (int size = chunk(in); size > 0; size = chunk(in)) {
            body.writeBytes(exactly(in, size));
            String end = line(in);
            if (!end.isEmpty()) {
                throw new IOException("A chunk is longer than it says");
            }
        }
        return body.toByteArray();
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = one(in); b != '\n'; b = one(in)) {
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("The server closed the connection in the middle of its answer");
        }
        return bytes;
    }

    static int one(InputStream in) throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException("The server closed the connection in the middle of its answer");
        }
        return b;
    }
}
