// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.fixtures.Connection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of STOMP that sends its frames as they are, over any way in that there is. */
abstract class StompPeer implements AutoCloseable {

    /** A way in. */
    enum Way {
        WEBSOCKET,
        SOCKJS_WEBSOCKET,
        SOCKJS_RAW_WEBSOCKET,
        XHR_STREAMING,
        EVENTSOURCE,
        HTMLFILE,
        XHR
    }

    /** Opens one; the headers are a name and a value each. */
    static StompPeer open(URI root, Way way, String... headers) throws Exception {
        String session = "/sockjs/000/" + UUID.randomUUID().toString().replace("-", "");
        return switch (way) {
            case WEBSOCKET -> new OverWebSocket(root.resolve("/stomp"), false, headers);
            case SOCKJS_RAW_WEBSOCKET -> new OverWebSocket(root.resolve("/sockjs/websocket"), false, headers);
            case SOCKJS_WEBSOCKET -> new OverWebSocket(root.resolve(session + "/websocket"), true, headers);
            default -> new OverHttp(root.resolve(session), way, headers);
        };
    }

    /** A frame of these header lines, without a body. */
    static String frame(String command, String... headers) {
        return command + "\n"
                + String.join("", Stream.of(headers).map(line -> line + "\n").toList()) + "\n\0";
    }

    /** A frame that asks for a session. */
    static String connect(String... headers) {
        List<String> lines = new ArrayList<>(List.of("accept-version:1.2", "host:localhost"));
        lines.addAll(List.of(headers));
        return frame("CONNECT", lines.toArray(String[]::new));
    }

    /** Sends one message of the transport. */
    abstract void send(String message) throws Exception;

    /** Awaits the next frame, or {@value Connection#CLOSED}. */
    abstract String next() throws Exception;

    /** Awaits the end, and says with which code. */
    abstract int closeCode() throws Exception;

    @Override
    public abstract void close();

    private static String sockJs(String message) {
        return JsonMapper.shared().writeValueAsString(List.of(message));
    }

    private static final class OverWebSocket extends StompPeer {

        private final Connection connection;
        private final boolean framed;
        private final Deque<String> read = new ArrayDeque<>();
        private int code;

        OverWebSocket(URI http, boolean framed, String... headers) throws Exception {
            connection = Connection.open(URI.create("ws" + http.toString().substring("http".length())), headers);
            this.framed = framed;
        }

        @Override
        void send(String message) throws Exception {
            connection.send(framed ? sockJs(message) : message);
        }

        @Override
        String next() throws Exception {
            while (read.isEmpty()) {
                String message = connection.next();
                if (!framed || message.equals(Connection.CLOSED)) {
                    read.add(message);
                } else if (message.startsWith("a")) {
                    JsonMapper.shared().readTree(message.substring(1)).forEach(one -> read.add(one.asString()));
                } else if (message.startsWith("c")) {
                    code = JsonMapper.shared()
                            .readTree(message.substring(1))
                            .get(0)
                            .asInt();
                }
            }
            return read.remove();
        }

        @Override
        int closeCode() throws Exception {
            if (!framed) {
                return connection.closeCode();
            }
            while (!next().equals(Connection.CLOSED)) {}
            return code;
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    /** Over a request that streams, or many of them, and a request for each message that is sent. */
    private static final class OverHttp extends StompPeer {

        private static final HttpClient HTTP = HttpClient.newHttpClient();

        private final URI session;
        private final Way way;
        private final String[] headers;
        private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
        private volatile boolean closed;
        private volatile int code;

        OverHttp(URI session, Way way, String... headers) throws Exception {
            this.session = session;
            this.way = way;
            this.headers = headers;
            Thread reader = new Thread(this::read, "sockjs");
            reader.setDaemon(true);
            reader.start();
            if (!poll().equals("o")) {
                throw new IOException("The session did not begin");
            }
        }

        @Override
        void send(String message) throws Exception {
            HttpResponse<String> answer = HTTP.send(
                    request("/xhr_send")
                            .POST(BodyPublishers.ofString(sockJs(message)))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() != 204) {
                throw new IOException("xhr_send: " + answer.statusCode());
            }
        }

        @Override
        String next() throws Exception {
            return poll();
        }

        @Override
        int closeCode() throws Exception {
            while (!poll().equals(Connection.CLOSED)) {}
            return code;
        }

        @Override
        public void close() {
            closed = true;
        }

        private String poll() throws InterruptedException {
            String frame = frames.poll(20, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("No frame came");
            }
            return frame;
        }

        private void read() {
            try {
                do {
                    boolean get = way == Way.EVENTSOURCE || way == Way.HTMLFILE;
                    HttpRequest.Builder request = request(
                            "/" + way.name().toLowerCase(java.util.Locale.ROOT) + (way == Way.HTMLFILE ? "?c=f" : ""));
                    HttpResponse<Stream<String>> answer = HTTP.send(
                            (get ? request : request.POST(BodyPublishers.noBody())).build(), BodyHandlers.ofLines());
                    if (answer.statusCode() != 200) {
                        throw new IOException(way + ": " + answer.statusCode());
                    }
                    answer.body().forEach(this::take);
                } while (!closed && way == Way.XHR);
            } catch (Exception e) {
                frames.add("failed: " + e);
            }
            frames.add(Connection.CLOSED);
        }

        private void take(String line) {
            String frame = line;
            if (line.startsWith("data: ")) {
                frame = line.substring("data: ".length());
            } else if (line.startsWith("p(\"")) {
                frame = JsonMapper.shared()
                        .readTree(line.substring("p(".length(), line.lastIndexOf(')')))
                        .asString();
            }
            if (frame.equals("o")) {
                frames.add(frame);
            } else if (frame.startsWith("a[")) {
                for (JsonNode one : JsonMapper.shared().readTree(frame.substring(1))) {
                    frames.add(one.asString());
                }
            } else if (frame.startsWith("c[")) {
                code = JsonMapper.shared().readTree(frame.substring(1)).get(0).asInt();
                closed = true;
            }
        }

        private HttpRequest.Builder request(String transport) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(session + transport));
            return headers.length == 0 ? request : request.headers(headers);
        }
    }
}
