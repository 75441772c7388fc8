// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import jakarta.websocket.Session;
import java.io.IOException;
import org.springframework.util.ClassUtils;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;

/**
 * Sessions whose clients have been told to go, and may stay for a while: Spring would hand what they say to the application until the container
 * has closed the connection. Thread-safe.
 */
public final class ToldSessions {

    private static final System.Logger LOG = System.getLogger(ToldSessions.class.getName());

    private static final String TOLD = ToldSessions.class.getName();

    private static final boolean JAKARTA =
            ClassUtils.isPresent("jakarta.websocket.Session", ToldSessions.class.getClassLoader());

    private ToldSessions() {}

    /** Tells the client of a session to go, from now on {@link #isTold told}. */
    public static void tell(WebSocketSession session, CloseStatus status) throws IOException {
        session.getAttributes().put(TOLD, true);
        if (JAKARTA && session instanceof NativeWebSocketSession known) {
            Answer.limit(known);
        }
        try {
            session.close(status);
        } catch (IOException e) {
            // Jetty fails where a close has been sent already, and others do nothing.
            if (session.isOpen()) {
                throw e;
            }
        }
    }

    /** The same, but never fails: nobody waits for a session that no ticket has opened, or that its client has left. */
    public static void dismiss(WebSocketSession session, CloseStatus status) {
        try {
            tell(session, status);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "A session could not be closed: " + e);
        }
    }

    /** Whether what its client says is nobody's any more. */
    public static boolean isTold(WebSocketSession session) {
        return session.getAttributes().containsKey(TOLD);
    }

    /** How long a container waits until the close is sent, and for the client's own. */
    private static final class Answer {

        private static final long MILLISECONDS_TO_CLOSE = 2_000;
        private static final long MILLISECONDS_TO_ANSWER = 10_000;

        // Tomcat's, which other containers do not know. It would wait 20 seconds to send a close with 1000, and 50
        // milliseconds with another code, and then the client hears none.
        private static final String TIME_TO_SEND_1000 = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";
        private static final String TIME_TO_SEND = "org.apache.tomcat.websocket.ABNORMAL_SESSION_CLOSE_SEND_TIMEOUT";
        // It looks every 10 seconds.
        private static final String TIME_TO_ANSWER = "org.apache.tomcat.websocket.SESSION_CLOSE_TIMEOUT";

        static void limit(NativeWebSocketSession session) {
            Session container = session.getNativeSession(Session.class);
            if (container != null && container.isOpen()) {
                container.getUserProperties().put(TIME_TO_SEND_1000, MILLISECONDS_TO_CLOSE);
                container.getUserProperties().put(TIME_TO_SEND, MILLISECONDS_TO_CLOSE);
                container.getUserProperties().put(TIME_TO_ANSWER, MILLISECONDS_TO_ANSWER);
                container.setMaxIdleTimeout(MILLISECONDS_TO_ANSWER);
            }
        }
    }
}
