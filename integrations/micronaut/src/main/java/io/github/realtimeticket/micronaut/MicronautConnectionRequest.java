// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Refusal;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteMatch;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.OnOpen;
import io.micronaut.websocket.annotation.ServerWebSocket;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request of Micronaut as a gate sees it, behind the search for its route. */
record MicronautConnectionRequest(HttpRequest<?> request) implements ConnectionRequest {

    @Override
    public @Nullable String query() {
        return request.getUri().getRawQuery();
    }

    @Override
    public List<String> headers(String name) {
        return request.getHeaders().getAll(name);
    }

    /** A handshake must be one to Micronaut, and have an endpoint. */
    @Override
    public @Nullable Refusal refusal() {
        if (headers("Upgrade").isEmpty()) {
            return Refusal.NO_HANDSHAKE;
        }
        boolean handshake = request.getMethod() == HttpMethod.GET && isUpgrade();
        return handshake && webSocket().isPresent() ? null : Refusal.UNSUITABLE;
    }

    /** Whether Micronaut takes it for a handshake, or it is for an endpoint. */
    boolean isForWebSocket() {
        return isUpgrade() || webSocket().isPresent();
    }

    /** What the {@code @ServerWebSocket} says that it is for. */
    Optional<String> endpoint() {
        return webSocket().flatMap(route -> route.getAnnotationMetadata().stringValue(ServerWebSocket.class));
    }

    void hideTicket(Admitted admitted) {
        if (request instanceof NettyHttpRequest<?> netty) {
            admitted.hideTicket(netty.getNativeRequest().headers()::set);
        }
    }

    private Optional<RouteMatch<?>> webSocket() {
        return RouteAttributes.getRouteMatch(request)
                .filter(route -> route.getAnnotationMetadata().isAnnotationPresent(OnMessage.class)
                        || route.getAnnotationMetadata().isAnnotationPresent(OnOpen.class));
    }

    private boolean isUpgrade() {
        return request instanceof NettyHttpRequest<?> netty
                && netty.getNativeRequest()
                        .headers()
                        .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && netty.getNativeRequest()
                        .headers()
                        .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
    }
}
