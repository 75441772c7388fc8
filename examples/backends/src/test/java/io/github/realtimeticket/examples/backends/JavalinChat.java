// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.backends;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.BoundedTicketStore;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.jakarta.TicketFilter;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.sse.SseClient;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import io.lettuce.core.RedisURI;
import jakarta.servlet.ServletContext;
import java.util.Objects;

/** A whole server in Javalin: a ticket opens a WebSocket or an event stream, which greets its holder. */
final class JavalinChat implements AutoCloseable {

    private final Javalin server;

    JavalinChat(Gate gate, int port) {
        server = Javalin.create(config -> configure(config, gate)).start("127.0.0.1", port);
    }

    static Gate gate(TicketStore store, Revocations revocations) {
        return Gate.of(Tickets.builder(new BoundedTicketStore(store))
                .revocations(revocations)
                .build());
    }

    static void configure(JavalinConfig config, Gate gate) {
        // Else /chat/ would be served, too, which is no path of the filter.
        config.router.ignoreTrailingSlashes = false;
        config.jetty.modifyServletContextHandler(
                handler -> handler.addServletContainerInitializer((classes, context) -> admitByTicket(context, gate)));
        // Of no path, so that none is open to those without a ticket. A WebSocket sees the attributes and no request.
        config.routes.wsBeforeUpgrade(ctx -> ctx.attribute("admitted", TicketFilter.admitted(ctx.req())));
        config.routes.ws("/chat", JavalinChat::chat);
        config.routes.sse("/events", JavalinChat::events);
    }

    private static void admitByTicket(ServletContext context, Gate gate) {
        // Javalin runs in a circle when its asynchronous request is completed by somebody else.
        TicketFilter.webSockets(gate).withoutEndingAnswers().register(context, "/chat");
        // A stream is left empty that is not asked for so, and what has this version is a handshake to Javalin.
        TicketFilter.of(gate)
                .withoutEndingAnswers()
                .withRequestCheck(request -> request.getMethod().equals("GET")
                        && request.getHeader("Sec-WebSocket-Version") == null
                        && "text/event-stream".equals(request.getHeader("Accept")))
                .register(context, "/events");
    }

    static void chat(WsConfig socket) {
        socket.onConnect(ctx -> {
            LiveConnection unused = admitted(ctx).opened(ctx::closeSession);
            ctx.send("Hello " + admitted(ctx).holder().username());
        });
        socket.onMessage(ctx -> ctx.send(ctx.message()));
        socket.onClose(ctx -> admitted(ctx).connection().ifPresent(LiveConnection::ended));
    }

    private static Admitted admitted(WsContext ctx) {
        return Objects.requireNonNull(ctx.attribute("admitted"), "not admitted");
    }

    static void events(SseClient client) {
        Admitted admitted = TicketFilter.admitted(client.ctx().req());
        client.keepAlive();
        LiveConnection connection = admitted.opened((code, reason) -> client.close());
        client.onClose(connection::ended);
        if (client.terminated()) {
            connection.ended();
        }
        // That it has gone is seen by sending: what lasts needs comments every now and then.
        client.sendEvent("Hello " + admitted.holder().username());
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }

    public static void main(String[] args) {
        var store = RedisTicketStore.connect(RedisURI.create(args[0]));
        var unused = new JavalinChat(gate(store, store.revocations()), Integer.parseInt(args[1]));
    }
}
