// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Admits WebSocket handshakes to a plain {@link io.vertx.core.http.HttpServer} by ticket, and gives each opened WebSocket
 * together with its {@link Admission.Admitted} to the application.
 *
 * <pre>{@code
 * server.requestHandler(TicketHandshakeHandler.of(gate, (admitted, socket) ->
 *         socket.writeTextMessage("Hello " + admitted.holder().username())));
 * }</pre>
 *
 * <p>It is a request handler because Vert.x's own {@code webSocketHandshakeHandler} can refuse with a status only, and not say
 * why (T11). A request that is no WebSocket handshake is answered with 400 and uses up no ticket; an
 * application with other things to serve sends here what {@link HttpServerRequest#canUpgradeToWebSocket()}. A request that comes here
 * twice is decided once, by the handler that it came to first. One that is sent behind a handshake, before its answer, ends the
 * connection, and uses up no ticket.
 *
 * <p>A request that the application has wrapped must extend {@link io.vertx.core.internal.http.HttpServerRequestWrapper}, as for a router, and
 * keep its connection: any other is answered with 500, and fails with {@link IllegalArgumentException}.
 *
 * <p>The application is called in the Vert.x context of the request, before any message can arrive: it loses none if it sets its
 * handlers, or pauses the socket, before it returns. If it throws instead, the socket is closed with 1011 (RFC 6455 section
 * 7.4.1) and the context's exception handler told. If the client leaves while the store is asked, it is not called.
 *
 * <p>A WebSocket is closed with 3000 or 3003 when the login has ended that its ticket was issued in (T16, T17).
 *
 * <p>Immutable and thread-safe.
 *
 * <p><b>Security:</b> set neither a {@code webSocketHandler} nor a {@code webSocketHandshakeHandler} on the same server: Vert.x
 * would hand handshakes to that one, past the gate.
 */
public final class TicketHandshakeHandler implements Handler<HttpServerRequest> {

    private static final short INTERNAL_ERROR = 1011;

    private final VertxGate gate;
    private final BiConsumer<? super Admission.Admitted, ? super ServerWebSocket> opened;

    private TicketHandshakeHandler(Gate gate, BiConsumer<? super Admission.Admitted, ? super ServerWebSocket> opened) {
        this.gate = new VertxGate(gate);
        this.opened = Objects.requireNonNull(opened, "opened");
    }

    /** A handler that admits through this gate and calls {@code opened} for each WebSocket. */
    public static TicketHandshakeHandler of(
            Gate gate, BiConsumer<? super Admission.Admitted, ? super ServerWebSocket> opened) {
        return new TicketHandshakeHandler(gate, opened);
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (!(request instanceof HttpServerRequestInternal known)) {
            throw unfit(request, "must extend Vert.x's HttpServerRequestWrapper");
        }
        // That of this request alone, however it has been wrapped.
        ContextInternal context = known.context();
        var decided = ContextInternal.LOCAL_MAP.get(context, ConcurrentHashMap::new);
        if (decided.putIfAbsent(TicketHandshakeHandler.class, true) != null) {
            return;
        }
        if (!request.canUpgradeToWebSocket()) {
            gate.refuseOther(request);
            return;
        }
        if (!Opened.isKnown(request)) {
            throw unfit(request, "must have the connection of the one that came");
        }
        gate.admit(request, context, admitted -> open(request, admitted), fault -> {
            Opened.hangUp(request);
            context.reportException(fault);
        });
    }

    // What no login could end.
    private static IllegalArgumentException unfit(HttpServerRequest request, String lack) {
        Future<Void> unused = request.response().setStatusCode(500).end();
        return new IllegalArgumentException(
                "A wrapped request " + lack + ", unlike " + request.getClass().getName());
    }

    private void open(HttpServerRequest request, Admission.Admitted admitted) {
        request.toWebSocket()
                .onSuccess(socket -> {
                    Opened unused = new Opened(admitted, request);
                    try {
                        opened.accept(admitted, socket);
                    } catch (Throwable fault) {
                        socket.close(INTERNAL_ERROR);
                        throw fault;
                    }
                })
                .onFailure(fault -> {
                    // Vert.x has answered a malformed handshake.
                    if (!request.response().ended()) {
                        Opened.hangUp(request);
                    }
                });
    }
}
