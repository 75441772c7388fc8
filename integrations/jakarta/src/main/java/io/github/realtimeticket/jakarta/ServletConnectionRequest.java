// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A servlet request as a gate sees it.
 *
 * @param request the opening request
 * @param handshakesOnly whether nothing but a WebSocket handshake is admitted
 * @param originIsAllowed what the endpoint's own check of the origin will say
 * @param isServed whether what stands behind answers such a request at all
 */
record ServletConnectionRequest(
        HttpServletRequest request,
        boolean handshakesOnly,
        Predicate<? super HttpServletRequest> originIsAllowed,
        Predicate<? super HttpServletRequest> isServed)
        implements ConnectionRequest {

    @Override
    public @Nullable String query() {
        return request.getQueryString();
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(request.getHeaders(name));
    }

    /**
     * A WebSocket handshake is a {@code GET} (RFC 6455 section 4.1), or a {@code CONNECT} over HTTP/2 (RFC 8441), and the container can
     * read its target.
     */
    @Override
    public @Nullable Refusal refusal() {
        boolean get = request.getMethod().equals("GET");
        boolean webSocket = "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
        // To look at the parameters of a request that has a body would read it.
        boolean readable = (get && request.getHeader("Content-Type") == null)
                ? ServletIssueRequest.hasParameters(request)
                : isUri();
        boolean connect = request.getMethod().equals("CONNECT");
        boolean suitable = readable && (!webSocket || (get && isUri())) && (!connect || isHandshakeOfHttp2());
        if (!suitable) {
            return Refusal.UNSUITABLE;
        }
        if (handshakesOnly && !connect && !(webSocket && request.getProtocol().equals("HTTP/1.1"))) {
            return Refusal.NO_HANDSHAKE;
        }
        if (!isServed.test(request)) {
            return Refusal.UNSUITABLE;
        }
        return originIsAllowed.test(request) ? null : Refusal.WRONG_ORIGIN;
    }

    // Its one version is asked for behind the gate (RFC 8441 section 5).
    private boolean isHandshakeOfHttp2() {
        return request.getProtocol().equals("HTTP/2.0")
                && headers("Sec-WebSocket-Version").equals(List.of("13"));
    }

    // As it is in a WebSocket's HandshakeRequest; browsers do send a single % in a query.
    private boolean isUri() {
        try {
            URI unused = new URI(request.getRequestURI() + "?" + request.getQueryString());
            return true;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
