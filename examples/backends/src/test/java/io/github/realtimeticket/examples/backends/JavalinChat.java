// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.backends;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.BoundedTicketStore;
import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import io.javalin.websocket.WsConfig;
import io.lettuce.core.RedisURI;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A whole server in Javalin: a ticket opens a WebSocket or an event stream, which greets its holder. */
final class JavalinChat implements AutoCloseable {

    private static final String GATE = JavalinChat.class.getName();

    private final Gate gate;
    private final Javalin server;

    JavalinChat(Gate gate, int port) {
        this.gate = gate;
        server = Javalin.create(config -> {
                    // Of no path, so that none is open to those without a ticket.
                    config.routes.wsBeforeUpgrade(this::admit);
                    config.routes.ws("/chat", JavalinChat::chat);
                    config.routes.before("/events", this::admit);
                    config.routes.sse("/events", JavalinChat::events);
                })
                .start("127.0.0.1", port);
    }

    static Gate gate(TicketStore store, Revocations revocations) {
        return Gate.of(Tickets.builder(new BoundedTicketStore(store))
                .revocations(revocations)
                .build());
    }

    static void chat(WsConfig socket) {
        socket.onConnect(ctx -> {
            Admitted admitted = admitted(ctx.attribute("admitted"));
            LiveConnection unused = admitted.opened(ctx::closeSession);
            ctx.send("Hello " + admitted.holder().username());
        });
        socket.onMessage(ctx -> ctx.send(ctx.message()));
        socket.onClose(ctx -> admitted(ctx.attribute("admitted")).connection().ifPresent(LiveConnection::ended));
    }

    static void events(SseClient client) {
        Admitted admitted = admitted(client.ctx().attribute("admitted"));
        client.keepAlive();
        LiveConnection connection = admitted.opened((code, reason) -> client.close());
        client.onClose(connection::ended);
        if (client.terminated()) {
            connection.ended();
        }
        // That it has gone is seen by sending: what lasts needs comments every now and then.
        client.sendEvent("Hello " + admitted.holder().username());
    }

    /** Lets a request go on for the holder of its ticket, or answers it. Runs in a thread that may wait. */
    private void admit(Context ctx) throws IOException {
        if (gate.equals(ctx.attribute(GATE))) {
            return;
        }
        HttpServletRequest request = ctx.req();
        var opening = ConnectionRequest.of(
                request.getQueryString(), name -> Collections.list(request.getHeaders(name)), refusal(request));
        Admission admission = gate.admit(opening).toCompletableFuture().join();
        HttpServletResponse answer = ctx.res();
        // Javalin echoes the first one that is offered, which may be the ticket's.
        answer.setHeader("Sec-WebSocket-Protocol", null);
        if (admission instanceof Admitted admitted) {
            ctx.attribute(GATE, gate);
            ctx.attribute("admitted", admitted);
            if (admitted.subprotocols().contains("chat")) {
                answer.setHeader("Sec-WebSocket-Protocol", "chat");
            }
        } else if (admission instanceof Admission.Refused refused) {
            answer.setStatus(refused.reason().status());
            refused.reason().headers().forEach(answer::setHeader);
            answer.getOutputStream().print(refused.reason().body());
            ctx.skipRemainingHandlers();
        }
    }

    private static Admitted admitted(@Nullable Admitted admitted) {
        return Objects.requireNonNull(admitted, "not admitted");
    }

    // Javalin takes for a handshake whatever has its version, and leaves a stream empty that is not asked for so.
    private static @Nullable Refusal refusal(HttpServletRequest request) {
        boolean handshake = request.getHeader("Sec-WebSocket-Version") != null;
        boolean upgrade = "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
        String accept = request.getHeader("Accept");
        boolean stream = accept != null && accept.contains("text/event-stream");
        boolean served = handshake ? upgrade : stream && !upgrade;
        return request.getMethod().equals("GET") && served && decodes(request) ? null : Refusal.UNSUITABLE;
    }

    // Javalin reads the query once the ticket is used up, and fails where it does not decode.
    private static boolean decodes(HttpServletRequest request) {
        try {
            var unused = request.getParameterMap();
            return true;
        } catch (RuntimeException e) {
            return false;
        }
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
