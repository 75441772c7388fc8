// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A request as browsers may send it, and Java's own clients may not: its target is not looked at. */
final class RawRequest {

    private RawRequest() {}

    /** The whole answer, with its head, to a GET for this target with these lines of the head. */
    static String get(int port, String target, String... lines) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            String head = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n"
                    + (lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n")
                    + "Connection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
