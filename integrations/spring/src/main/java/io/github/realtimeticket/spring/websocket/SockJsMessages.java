// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.sockjs.frame.SockJsMessageCodec;

/**
 * Reads the messages of SockJS as another codec does. Spring would log the whole stack trace of each that cannot be read, and anybody may send them.
 * Thread-safe.
 */
final class SockJsMessages implements SockJsMessageCodec {

    private final SockJsMessageCodec codec;

    SockJsMessages(SockJsMessageCodec codec) {
        this.codec = codec;
    }

    @Override
    public String encode(String... messages) {
        return codec.encode(messages);
    }

    /** What came over a WebSocket, which Spring closes if it cannot be read. */
    @Override
    public String[] decode(String content) throws IOException {
        String[] messages = readable(() -> codec.decode(content));
        if (messages == null) {
            throw new Unreadable();
        }
        return messages;
    }

    /** What came in a request; {@code null} if it cannot be read, which Spring answers as SockJS has it, and does not log. */
    @Override
    public String @Nullable [] decodeInputStream(InputStream content) {
        return readable(() -> codec.decodeInputStream(content));
    }

    private static String @Nullable [] readable(Reading reading) {
        try {
            String[] messages = reading.read();
            return messages != null && Arrays.stream(messages).allMatch(Objects::nonNull) ? messages : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private interface Reading {
        String @Nullable [] read() throws IOException;
    }

    /** One without a stack trace. */
    private static final class Unreadable extends IOException {

        private static final long serialVersionUID = 1;

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }
}
