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

    /** What Vert.x answers a handshake with 400 for: another method, a target that is no URI. Browsers do send a single {@code %} in a query. */
    @Override
    public @Nullable Refusal refusal() {
        if (!request.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true)) {
            return null;
        }
        try {
            URI unused = new URI(request.uri());
            return request.method().equals(HttpMethod.GET) ? null : Refusal.UNSUITABLE;
        } catch (URISyntaxException e) {
            return Refusal.UNSUITABLE;
        }
    }
}
