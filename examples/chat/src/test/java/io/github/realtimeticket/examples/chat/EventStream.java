// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.examples.chat.realtime.RealtimeServer;
import io.github.realtimeticket.fixtures.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An event stream behind a gate that ends after each event. */
final class EventStream implements AutoCloseable {

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    private final List<String> queries = new CopyOnWriteArrayList<>();
    private final Gate gate;
    private final String origin;

    EventStream(TicketStore store, String origin) throws IOException {
        this.origin = origin;
        gate = Gate.of(Tickets.builder(store).audience(RealtimeServer.AUDIENCE).build());
        server.createContext("/feed", this::answer);
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/feed";
    }

    /** The queries of the requests, in order. */
    List<String> queries() {
        return queries;
    }

    private void answer(HttpExchange exchange) throws IOException {
        queries.add(exchange.getRequestURI().getRawQuery());
        var request = new Request(exchange.getRequestURI().getRawQuery(), exchange.getRequestHeaders());
        Admission admission = gate.admit(request).toCompletableFuture().join();
        exchange.getResponseHeaders().add("Access-Control-Allow-Origin", origin);
        String username = admission.fold(admitted -> admitted.holder().username(), refused -> "");
        if (username.isEmpty()) {
            exchange.sendResponseHeaders(401, -1);
        } else {
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            String event = "id: " + queries.size() + "\nevent: price\ndata: for " + username + "\n\n";
            exchange.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
