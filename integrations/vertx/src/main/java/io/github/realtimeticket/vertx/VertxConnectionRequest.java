// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Refusal;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a gate sees of a Vert.x request. */
record VertxConnectionRequest(HttpServerRequest request) implements ConnectionRequest {

    @Override
    public @Nullable String query() {
        return request.query();
    }

    @Override
    public List<String> headers(String name) {
        return request.headers().getAll(name);
    }

    /**
     * A handshake must be what Vert.x and Netty ask for, to the letter: else their answer comes when the ticket has been used up. Browsers do send
     * a single {@code %} in a query, which makes the target no URI. It has no body, whose end Vert.x would wait for.
     */
    @Override
    public @Nullable Refusal refusal() {
        return isUpgrade() && !isHandshake() ? Refusal.UNSUITABLE : null;
    }

    private boolean isUpgrade() {
        return headers("Upgrade").stream().anyMatch(line -> contains(line, "websocket"));
    }

    private boolean isHandshake() {
        // Vert.x looks into the first line, and Netty for the word.
        List<String> connection = headers("Connection");
        return request.method().equals(HttpMethod.GET)
                && request.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true)
                && !connection.isEmpty()
                && contains(connection.get(0), "upgrade")
                && connection.stream()
                        .flatMap(line -> Stream.of(line.split(",")))
                        .anyMatch(word -> word.strip().equalsIgnoreCase("upgrade"))
                && !hasBody()
                && isUri(request.uri());
    }

    private boolean hasBody() {
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
                || headers("Content-Length").stream().anyMatch(length -> !length.equals("0"));
    }

    private static boolean contains(String line, String word) {
        return line.toLowerCase(Locale.ROOT).contains(word);
    }

    private static boolean isUri(String target) {
        try {
            URI unused = new URI(target);
            return true;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
