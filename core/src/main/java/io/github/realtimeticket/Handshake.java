// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What every server asks of a WebSocket handshake, before or after its gate (RFC 6455 section 4.2.1). */
final class Handshake {

    private static final String WEBSOCKET = "websocket";
    private static final String VERSION = "13";
    private static final int KEY = 24;
    private static final int KEY_BYTES = 16;

    // RFC 6455 section 9.1, without the empty elements that not every server takes.
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    private static final String PARAMETER = " *+; *+" + TOKEN + "(?: *+= *+(?:" + TOKEN + "|\"[^\"\\\\,;]*+\"))?+";
    private static final String EXTENSION = " *+" + TOKEN + "(?:" + PARAMETER + ")*+ *+";
    private static final Pattern EXTENSIONS = Pattern.compile(EXTENSION + "(?:," + EXTENSION + ")*+");
    // RFC 7692 section 7.1: not every server declines another offer, as it says, and goes on.
    private static final String DEFLATE = "permessage-deflate";
    private static final Pattern OF_DEFLATE =
            Pattern.compile("(?:server|client)_no_context_takeover|client_max_window_bits"
                    + "|(?:server|client)_max_window_bits *= *(?:[89]|1[0-5]|\"(?:[89]|1[0-5])\")");

    private Handshake() {}

    /**
     * Whether the request is no handshake, or one that a server can answer: to the letter, of the one version, with one key and without a body
     * (T20).
     */
    static boolean isWhole(ConnectionRequest request) {
        if (!request.headers("Sec-WebSocket-Extensions").stream().allMatch(Handshake::isOffer)) {
            return false;
        }
        List<String> upgrade = request.headers("Upgrade");
        if (upgrade.stream().noneMatch(value -> value.toLowerCase(Locale.ROOT).contains(WEBSOCKET))) {
            return true;
        }
        List<String> keys = request.headers("Sec-WebSocket-Key");
        return upgrade.size() == 1
                && WEBSOCKET.equalsIgnoreCase(upgrade.get(0))
                && isToUpgrade(request.headers("Connection"))
                && !hasBody(request)
                && request.headers("Sec-WebSocket-Version").equals(List.of(VERSION))
                && keys.size() == 1
                && isKey(keys.get(0).strip());
    }

    // A list (RFC 9110 section 7.6.1), in which browsers and proxies send more than this.
    private static boolean isToUpgrade(List<String> connection) {
        return connection.stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .anyMatch(option -> option.strip().equalsIgnoreCase("upgrade"));
    }

    // Some servers wait for its end, and some proxies say that it is empty.
    private static boolean hasBody(ConnectionRequest request) {
        return !request.headers("Transfer-Encoding").isEmpty()
                || request.headers("Content-Length").stream().anyMatch(length -> !length.equals("0"));
    }

    private static boolean isOffer(String extensions) {
        String plain = extensions.replace('\t', ' ');
        return plain.isBlank()
                || (EXTENSIONS.matcher(plain).matches()
                        && Arrays.stream(plain.split(",", -1)).allMatch(Handshake::isKnownOrAnother));
    }

    private static boolean isKnownOrAnother(String extension) {
        List<String> parts =
                Arrays.stream(extension.split(";", -1)).map(String::strip).toList();
        List<String> parameters = parts.subList(1, parts.size());
        return !parts.get(0).equalsIgnoreCase(DEFLATE)
                || (parameters.stream().allMatch(OF_DEFLATE.asMatchPredicate())
                        && parameters.stream()
                                        .map(parameter -> parameter.split(" *=", 2)[0])
                                        .distinct()
                                        .count()
                                == parameters.size());
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
