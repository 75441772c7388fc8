// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The smallest WebSocket server; it keeps the contract unless its habits are bad. */
class BareServer implements GateContract.RunningServer, ServerHabits {

    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ServerHabits habits;

    /** What it read of a request. */
    record Request(String method, @Nullable String query, List<String[]> fields) implements ConnectionRequest {
        @Override
        public List<String> headers(String name) {
            return fields.stream()
                    .filter(field -> field[0].equalsIgnoreCase(name))
                    .map(field -> field[1])
                    .toList();
        }

        @Override
        public @Nullable Refusal refusal() {
            // The gate itself looks closer at a handshake.
            boolean handshake = method.equals("GET")
                    && headers("Upgrade").stream().anyMatch("websocket"::equalsIgnoreCase)
                    && headers("Connection").stream().anyMatch(options -> options.toLowerCase(Locale.ROOT)
                            .contains("upgrade"));
            return handshake ? null : Refusal.UNSUITABLE;
        }
    }

    BareServer(Gate gate) throws IOException {
        this(gate, null);
    }

    /** With these habits, or its own. */
    BareServer(Gate gate, @Nullable ServerHabits habits) throws IOException {
        this.habits = habits == null ? this : habits;
        listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        threads.execute(() -> listen(gate));
    }

    @Override
    public URI uri() {
        return URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/realtime");
    }

    @Override
    public void close() throws IOException {
        listening.close();
        threads.shutdownNow();
    }

    static String answer(int status, String body) {
        return "HTTP/1.1 " + status + " Refused\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n"
                + (status == 401 ? "WWW-Authenticate: Ticket\r\n" : "")
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private void listen(Gate gate) {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                threads.execute(() -> serve(gate, socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    final void serve(Gate gate, Socket socket) {
        try (socket) {
            Request request = read(socket.getInputStream());
            Admission admission = habits.decide(gate, request);
            byte[] answer = admission.fold(admitted -> welcome(admitted, request), refused -> habits.refused(refused)
                    .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(answer);
            if (admission instanceof Admission.Admitted admitted) {
                habits.goOn(admitted, socket);
            }
        } catch (IOException e) {
            // The client has gone; its own assertion says so.
        }
    }

    private byte[] welcome(Admission.Admitted admitted, Request request) {
        byte[] name = admitted.holder().username().getBytes(StandardCharsets.UTF_8);
        var answer = new ByteArrayOutputStream();
        answer.writeBytes(habits.admitted(admitted, request).getBytes(StandardCharsets.US_ASCII));
        answer.write(0x81);
        answer.write(name.length);
        answer.writeBytes(name);
        return answer.toByteArray();
    }

    Request read(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("The client has gone");
            }
            head.write(next);
        }
        List<String> lines = head.toString(StandardCharsets.UTF_8).lines().toList();
        String[] requestLine = lines.get(0).split(" ", 3);
        String target = requestLine[1];
        int mark = target.indexOf('?');
        List<String[]> fields = new ArrayList<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            int colon = line.indexOf(':');
            fields.add(new String[] {
                line.substring(0, colon), line.substring(colon + 1).strip()
            });
        }
        return new Request(requestLine[0], mark < 0 ? null : target.substring(mark + 1), fields);
    }
}
