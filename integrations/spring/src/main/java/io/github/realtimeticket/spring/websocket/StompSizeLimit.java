// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import org.springframework.util.ClassUtils;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.messaging.StompSubProtocolHandler;
import org.springframework.web.socket.messaging.SubProtocolHandler;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

/** How long a frame of STOMP may be in a handler's sessions. For the packages of this module. */
public final class StompSizeLimit {

    // Spring's own, unless the application sets another.
    private static final int STANDARD = 64 * 1_024;

    private static final boolean STOMP =
            ClassUtils.isPresent("org.springframework.messaging.Message", StompSizeLimit.class.getClassLoader());

    private StompSizeLimit() {}

    /** In bytes; Spring's own limit where the sessions are not of STOMP. */
    public static int of(WebSocketHandler handler) {
        return STOMP ? Known.of(WebSocketHandlerDecorator.unwrap(handler)) : STANDARD;
    }

    /** Loaded only where Spring Messaging is there. */
    private static final class Known {

        static int of(WebSocketHandler handler) {
            if (handler instanceof SubProtocolWebSocketHandler sockets) {
                for (SubProtocolHandler protocol : sockets.getProtocolHandlers()) {
                    if (protocol instanceof StompSubProtocolHandler stomp) {
                        return stomp.getMessageSizeLimit();
                    }
                }
            }
            return STANDARD;
        }
    }
}
