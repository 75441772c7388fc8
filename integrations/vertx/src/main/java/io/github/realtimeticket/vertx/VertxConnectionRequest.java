// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Refusal;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
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
     * A handshake must be what Vert.x asks for beside the gate: else its answer comes when the ticket has been used up. Browsers do send a
     * single {@code %} in a query, which makes the target no URI.
     */
    @Override
    public @Nullable Refusal refusal() {
        boolean isUpgrade = request.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true);
        return isUpgrade && !isHandshake() ? Refusal.UNSUITABLE : null;
    }

    private boolean isHandshake() {
        // Vert.x looks into the first line of what may have several.
        return request.canUpgradeToWebSocket()
                && request.getHeader(HttpHeaders.CONNECTION)
                        .toLowerCase(Locale.ROOT)
                        .contains("upgrade")
                && isUri(request.uri());
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
