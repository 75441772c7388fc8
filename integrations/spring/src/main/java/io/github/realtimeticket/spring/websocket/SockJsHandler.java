// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.SpringVersion;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.sockjs.SockJsService;
import org.springframework.web.socket.sockjs.support.SockJsHttpRequestHandler;

/**
 * Spring's handler for SockJS, without a fault of Spring Framework 7.0.8. All requests of a session must come from one address, and 7.0.8
 * compares the port, too, which differs from connection to connection: it answers every fallback with 404. 7.0.9 does not.
 */
final class SockJsHandler extends SockJsHttpRequestHandler {

    private static final boolean COMPARES_PORTS = "7.0.8".equals(SpringVersion.getVersion());

    SockJsHandler(SockJsService service, WebSocketHandler handler) {
        super(service, handler);
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        boolean fallback = !request.getRequestURI().endsWith("/websocket");
        super.handleRequest(COMPARES_PORTS && fallback ? new OnePort(request) : request, response);
    }

    /** A request from a port that all share. */
    private static final class OnePort extends HttpServletRequestWrapper {

        OnePort(HttpServletRequest request) {
            super(request);
        }

        @Override
        public int getRemotePort() {
            return 0;
        }
    }
}
