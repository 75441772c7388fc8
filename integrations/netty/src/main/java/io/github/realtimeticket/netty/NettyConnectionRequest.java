// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Refusal;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a gate sees of a Netty request. */
record NettyConnectionRequest(HttpRequest request) implements ConnectionRequest {

    @Override
    public @Nullable String query() {
        String target = request.uri();
        int mark = target.indexOf('?');
        return mark < 0 ? null : target.substring(mark + 1);
    }

    @Override
    public List<String> headers(String name) {
        return request.headers().getAll(name);
    }

    /** A handshake is a {@code GET} of HTTP/1.1. And what Netty could not decode, nobody can serve. */
    @Override
    public @Nullable Refusal refusal() {
        boolean isReadable = request.decoderResult().isSuccess() && GuardedPaths.decodedPath(request.uri()) != null;
        boolean isHandshake = request.method().equals(HttpMethod.GET)
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        return isReadable && (isHandshake || !isUpgrade()) ? null : Refusal.UNSUITABLE;
    }

    /** Whether the client wants a WebSocket, however well it asks. */
    boolean isUpgrade() {
        return request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }
}
