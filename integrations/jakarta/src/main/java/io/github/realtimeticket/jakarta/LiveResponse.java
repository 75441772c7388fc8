// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A response to which nothing more is written when the login has ended. */
final class LiveResponse extends HttpServletResponseWrapper {

    private final LiveStream live;
    private @Nullable ServletOutputStream out;
    private @Nullable PrintWriter writer;

    LiveResponse(HttpServletResponse response, LiveStream live) {
        super(response);
        this.live = live;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (out == null) {
            live.guard(() -> out = new Bytes(super.getOutputStream()));
        }
        return Objects.requireNonNull(out);
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        if (writer == null) {
            live.guard(() -> writer = new PrintWriter(new Characters(super.getWriter())));
        }
        return Objects.requireNonNull(writer);
    }

    @Override
    public void flushBuffer() throws IOException {
        live.guard(super::flushBuffer);
    }

    private void close(LiveStream.Use<IOException> close) throws IOException {
        if (!live.isOver()) {
            live.write(close);
        }
    }

    private final class Bytes extends ServletOutputStream {

        private final ServletOutputStream to;

        Bytes(ServletOutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int value) throws IOException {
            live.write(() -> to.write(value));
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            live.write(() -> to.write(bytes, from, length));
        }

        @Override
        public void flush() throws IOException {
            live.write(to::flush);
        }

        @Override
        public void close() throws IOException {
            LiveResponse.this.close(to::close);
        }

        // Whoever waits for it is to write, and so to learn of the end.
        @Override
        public boolean isReady() {
            return live.isOver() || to.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            to.setWriteListener(listener);
        }
    }

    private final class Characters extends Writer {

        private final PrintWriter to;

        Characters(PrintWriter to) {
            this.to = to;
        }

        @Override
        public void write(char[] characters, int from, int length) throws IOException {
            live.write(() -> to.write(characters, from, length));
        }

        @Override
        public void flush() throws IOException {
            live.write(() -> {
                if (to.checkError()) {
                    throw new EOFException("The client has gone");
                }
            });
        }

        @Override
        public void close() throws IOException {
            LiveResponse.this.close(to::close);
        }
    }
}
