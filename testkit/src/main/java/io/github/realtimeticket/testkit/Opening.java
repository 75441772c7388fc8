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
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One opening request over a bare socket, and what the server answered: browsers' and libraries' clients hide the bodies and
 * headers of refused WebSocket requests, and would not send what an attacker does.
 *
 * @param answer what the server answered over HTTP
 * @param text the body, or the first text message if the connection was opened (RFC 6455 section 5.2); empty if it ended before that
 */
record Opening(Answer answer, String text) {

    /** The opcode of a text message. */
    static final int TEXT = 1;

    /** What makes a request one for a WebSocket (RFC 6455 section 4.1). */
    static final List<String> HANDSHAKE = List.of(
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

    /**
     * What is said on a WebSocket until the server has said whose it is.
     *
     * @param says what the client sends first
     * @param username the username in a message of the server, if it is there
     */
    record Greeting(List<String> says, Function<String, Optional<String>> username) {}

    /** Opens with a query, which may be empty, and further header lines such as {@code Origin: https://app.example}. */
    static Opening of(URI endpoint, Greeting greeting, String query, String... headerLines) throws IOException {
        List<String> lines = new ArrayList<>();
        if (endpoint.getScheme().equals("ws")) {
            lines.addAll(HANDSHAKE);
        }
        lines.addAll(List.of(headerLines));
        return of(endpoint, greeting, Answer.request(endpoint, "GET", target(endpoint, query), lines));
    }

    /** Sends exactly this, and reads what is answered to it. */
    static Opening of(URI endpoint, Greeting greeting, byte[] request) throws IOException {
        try (Socket socket = Answer.connect(endpoint)) {
            socket.getOutputStream().write(request);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            Answer answer = Answer.read(in, "GET");
            return new Opening(answer, answer.status() == 101 ? greetedOrNot(socket, in, greeting) : answer.text());
        }
    }

    /** Asks beforehand, as a browser does for a page of another origin (Fetch Standard, CORS-preflight request). */
    static Opening preflight(URI endpoint, String query, String origin) throws IOException {
        List<String> lines = List.of("Origin: " + origin, "Access-Control-Request-Method: GET");
        byte[] request = Answer.request(endpoint, "OPTIONS", target(endpoint, query), lines);
        Answer answer = Answer.of(endpoint, "OPTIONS", request);
        return new Opening(answer, answer.text());
    }

    int status() {
        return answer.status();
    }

    List<String> header(String name) {
        return answer.header(name);
    }

    static String target(URI endpoint, String query) {
        String whole = Stream.of(Optional.ofNullable(endpoint.getRawQuery()).orElse(""), query)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("&"));
        return endpoint.getRawPath() + (whole.isEmpty() ? "" : "?" + whole);
    }

    private static String greetedOrNot(Socket socket, InputStream in, Greeting greeting) throws IOException {
        try {
            return new Held(socket, in, true, greeting).username();
        } catch (EOFException e) {
            return "";
        }
    }

    static byte[] masked(String message) {
        return masked(TEXT, message.getBytes(StandardCharsets.UTF_8));
    }

    // A mask of zeros leaves a short payload as it is (RFC 6455 section 5.3).
    static byte[] masked(int opcode, byte[] payload) {
        var frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {(byte) (0x80 | opcode), (byte) (0x80 | payload.length), 0, 0, 0, 0});
        frame.writeBytes(payload);
        return frame.toByteArray();
    }
}
