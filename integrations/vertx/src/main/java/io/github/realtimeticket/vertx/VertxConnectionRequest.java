// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.ConnectionRequest;
import io.vertx.core.http.HttpServerRequest;
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
}
