// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.sockjs.frame.SockJsMessageCodec;

/**
 * Reads the messages of SockJS as another codec does. Spring would read a request of any length, and log the whole stack trace of each that cannot be
 * read, and anybody may send them. Thread-safe.
 */
final class SockJsMessages implements SockJsMessageCodec {

    private final SockJsMessageCodec codec;
    private final int sizeLimit;

    /** Reads no request of more than this many bytes. */
    SockJsMessages(SockJsMessageCodec codec, int sizeLimit) {
        this.codec = codec;
        this.sizeLimit = sizeLimit;
    }

    @Override
    public String encode(String... messages) {
        return codec.encode(messages);
    }

    /** What came over a WebSocket, which Spring closes if it cannot be read. */
    @Override
    public String @Nullable [] decode(String content) throws IOException {
        try {
            return whole(codec.decode(content));
        } catch (IOException | RuntimeException e) {
            throw new Unreadable();
        }
    }

    /** What came in a request; {@code null} if it is too long or cannot be read, which Spring answers with 500 and does not log. */
    @Override
    public String @Nullable [] decodeInputStream(InputStream content) {
        try {
            byte[] read = content.readNBytes(sizeLimit + 1);
            return read.length > sizeLimit ? null : whole(codec.decodeInputStream(new ByteArrayInputStream(read)));
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static String @Nullable [] whole(String @Nullable [] messages) throws Unreadable {
        if (messages != null && Arrays.stream(messages).anyMatch(Objects::isNull)) {
            throw new Unreadable();
        }
        return messages;
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
