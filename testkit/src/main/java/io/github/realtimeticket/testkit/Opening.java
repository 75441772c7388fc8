// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One opening request over a bare socket, and what the server answered: browsers' and libraries' clients hide the bodies and
 * headers of refused WebSocket requests, and would not send what an attacker does.
 *
 * @param status the HTTP status
 * @param headers the values of each header, by lower-case name
 * @param text the body, or the first text message if the connection was opened (RFC 6455 section 5.2)
 */
record Opening(int status, Map<String, List<String>> headers, String text) {

    private static final int PATIENCE_MILLIS = 30_000;

    /**
     * What is said on a WebSocket until the server has said whose it is.
     *
     * @param says what the client sends first
     * @param username the username in a message of the server, if it is there
     */
    record Greeting(List<String> says, Function<String, Optional<String>> username) {
        static final Greeting PLAIN = new Greeting(List.of(), Optional::of);
    }

    /** Opens with a query, which may be empty, and further header lines such as {@code Origin: https://app.example}. */
    static Opening of(URI endpoint, String query, String... headerLines) throws IOException {
        return of(endpoint, Greeting.PLAIN, query, headerLines);
    }

    static Opening of(URI endpoint, Greeting greeting, String query, String... headerLines) throws IOException {
        List<String> lines = new ArrayList<>();
        if (endpoint.getScheme().equals("ws")) {
            lines.add("Upgrade: websocket");
            lines.add("Connection: Upgrade");
            lines.add("Sec-WebSocket-Version: 13");
            lines.add("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        }
        lines.addAll(List.of(headerLines));
        return send("GET", endpoint, greeting, query, lines);
    }

    /** Asks beforehand, as a browser does for a page of another origin (Fetch Standard, CORS-preflight request). */
    static Opening preflight(URI endpoint, String query, String origin) throws IOException {
        return send(
                "OPTIONS",
                endpoint,
                Greeting.PLAIN,
                query,
                List.of("Origin: " + origin, "Access-Control-Request-Method: GET"));
    }

    private static Opening send(String method, URI endpoint, Greeting greeting, String query, List<String> headerLines)
            throws IOException {
        try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream()
                    .write(request(method, endpoint, query, headerLines).getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return read(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream(), greeting);
        }
    }

    List<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    private static String request(String method, URI endpoint, String query, List<String> headerLines) {
        String whole = Stream.of(Optional.ofNullable(endpoint.getRawQuery()).orElse(""), query)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("&"));
        String target = endpoint.getRawPath() + (whole.isEmpty() ? "" : "?" + whole);
        List<String> lines = new ArrayList<>();
        lines.add(method + " " + target + " HTTP/1.1");
        lines.add("Host: " + endpoint.getHost() + ":" + endpoint.getPort());
        lines.addAll(headerLines);
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static Opening read(InputStream in, OutputStream out, Greeting greeting) throws IOException {
        int status = Integer.parseInt(line(in).split(" ", 3)[1]);
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        String text = status == 101 ? greeted(in, out, greeting) : text(body(in, status, headers));
        return new Opening(status, headers, text);
    }

    private static String greeted(InputStream in, OutputStream out, Greeting greeting) throws IOException {
        for (String message : greeting.says()) {
            out.write(masked(message));
        }
        while (true) {
            Optional<String> username = greeting.username().apply(text(frame(in)));
            if (username.isPresent()) {
                return username.get();
            }
        }
    }

    // A mask of zeros leaves a short text as it is (RFC 6455 section 5.3).
    private static byte[] masked(String message) {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        var frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {(byte) 0x81, (byte) (0x80 | text.length), 0, 0, 0, 0});
        frame.writeBytes(text);
        return frame.toByteArray();
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static byte[] frame(InputStream in) throws IOException {
        int head = one(in);
        if (head != 0x81) {
            throw new IOException("Expected one whole text message, not a frame that begins with " + head);
        }
        int length = one(in);
        return exactly(in, length < 126 ? length : one(in) << 8 | one(in));
    }

    private static byte[] body(InputStream in, int status, Map<String, List<String>> headers) throws IOException {
        if (status == 204) {
            return new byte[0];
        }
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

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("The server closed the connection in the middle of its answer");
        }
        return bytes;
    }

    private static int one(InputStream in) throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException("The server closed the connection in the middle of its answer");
        }
        return b;
    }
}
