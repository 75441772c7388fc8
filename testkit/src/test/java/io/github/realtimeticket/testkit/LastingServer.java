// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** The smallest server whose connections last until their login ends, with a seam for each mistake. */
class LastingServer extends BareServer {

    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;

    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Set<Socket> told = ConcurrentHashMap.newKeySet();
    final AtomicLong heard = new AtomicLong();

    LastingServer(Gate gate) throws IOException {
        super(gate);
    }

    @Override
    public void goOn(Admitted admitted, Socket socket) throws IOException {
        sockets.add(socket);
        LiveConnection connection = opened(admitted, socket);
        try {
            InputStream in = socket.getInputStream();
            int head = in.read();
            if (head >= 0) {
                int length = in.read() & 0x7f;
                byte[] unused = in.readNBytes(4 + length);
                if (head == TEXT && hears(socket)) {
                    heard.incrementAndGet();
                }
                // A client that has said something is let go, as one that answers a close.
                close(socket, 1000);
            }
        } catch (IOException e) {
            // The client has gone.
        } finally {
            sockets.remove(socket);
            ended(connection);
        }
    }

    LiveConnection opened(Admitted admitted, Socket socket) {
        return admitted.opened((code, reason) -> close(socket, code));
    }

    void ended(LiveConnection connection) {
        connection.ended();
    }

    boolean hears(Socket socket) {
        return !told.contains(socket);
    }

    void close(Socket socket, int code) throws IOException {
        told.add(socket);
        synchronized (socket) {
            socket.getOutputStream().write(new byte[] {(byte) CLOSE, 2, (byte) (code >> 8), (byte) code});
            fallSilent(socket);
        }
    }

    void fallSilent(Socket socket) throws IOException {
        socket.shutdownOutput();
    }

    void broadcast(String text) {
        var frame = new ByteArrayOutputStream();
        frame.write(TEXT);
        frame.write(text.length());
        frame.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        for (Socket socket : sockets) {
            synchronized (socket) {
                try {
                    socket.getOutputStream().write(frame.toByteArray());
                } catch (IOException e) {
                    // It has been told to go, or has gone.
                }
            }
        }
    }
}
