// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.messaging;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.BufferingStompDecoder;
import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Reads what a session sends until it is admitted, just as Spring's own decoder will afterwards. Spring logs what it cannot read, and tells the client, and a
 * ticket may be in it.
 */
final class FirstFrames {

    private static final System.Logger LOG = System.getLogger(FirstFrames.class.getName());

    // Both decoders read a frame from its beginning again with each part. stompjs makes parts of 8 KB.
    private static final int PARTS = 32;

    private final BufferingStompDecoder decoder;
    private final AtomicBoolean taken = new AtomicBoolean();
    private int parts;

    /** Of at most this many bytes that make no whole frame yet. */
    FirstFrames(int sizeLimit) {
        decoder = new BufferingStompDecoder(new StompDecoder(), sizeLimit);
    }

    /** Whether no other message is read or handed on now: a fallback of SockJS can send many at once, and Spring might read them in another order. */
    boolean take() {
        return taken.compareAndSet(false, true);
    }

    /** Says that a message is read and handed on. */
    void release() {
        taken.set(false);
    }

    /** Whether Spring can read this message behind those before, and its first frame is a {@code CONNECT}, or may become one with a few messages more. */
    boolean mayConnectWith(WebSocketMessage<?> message) {
        ByteBuffer bytes;
        if (message instanceof TextMessage text) {
            bytes = ByteBuffer.wrap(text.asBytes());
        } else if (message instanceof BinaryMessage binary) {
            bytes = binary.getPayload().duplicate();
        } else {
            return true;
        }
        try {
            List<Message<byte[]>> frames = decoder.decode(bytes);
            if (frames.isEmpty()) {
                return ++parts < PARTS;
            }
            for (Message<byte[]> frame : frames) {
                StompHeaderAccessor headers = MessageHeaderAccessor.getAccessor(frame, StompHeaderAccessor.class);
                // Spring asks for it before anybody else sees the frame.
                long[] unused = headers == null ? new long[0] : headers.getHeartbeat();
            }
            return SimpMessageHeaderAccessor.getMessageType(frames.get(0).getHeaders()) == SimpMessageType.CONNECT;
        } catch (RuntimeException e) {
            // Its words may have the ticket.
            LOG.log(System.Logger.Level.DEBUG, "The first frames of a STOMP session are not read for " + e.getClass());
            return false;
        }
    }
}
