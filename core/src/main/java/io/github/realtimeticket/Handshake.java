// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** What every server asks of a WebSocket handshake, before or after its gate (RFC 6455 section 4.2.1). */
final class Handshake {

    private static final String VERSION = "13";
    private static final int KEY = 24;
    private static final int KEY_BYTES = 16;

    private Handshake() {}

    /** Whether the request is no handshake, or one that a server can answer: of the one version, with one key (T20). */
    static boolean isWhole(ConnectionRequest request) {
        boolean upgrade = request.headers("Upgrade").stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("websocket"));
        if (!upgrade) {
            return true;
        }
        boolean connection = request.headers("Connection").stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("upgrade"));
        List<String> keys = request.headers("Sec-WebSocket-Key");
        return connection
                && request.headers("Sec-WebSocket-Version").equals(List.of(VERSION))
                && keys.size() == 1
                && isKey(keys.get(0).strip());
    }

    // Some servers decode it and some do not; what none would send is refused for all.
    private static boolean isKey(String text) {
        try {
            return text.length() == KEY && Base64.getDecoder().decode(text).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
