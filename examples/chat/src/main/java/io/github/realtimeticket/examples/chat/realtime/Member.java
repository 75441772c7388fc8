// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.realtime;

import io.github.realtimeticket.TicketHolder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;

/** Somebody in the room by one connection. Compared by identity, so that two tabs of one user are two members. */
final class Member {

    private final TicketHolder holder;
    private final ServerWebSocket socket;
    private boolean silent;

    Member(TicketHolder holder, ServerWebSocket socket) {
        this.holder = holder;
        this.socket = socket;
    }

    TicketHolder holder() {
        return holder;
    }

    /** Sends, unless the client does not read what it was sent before. */
    void send(JsonObject message) {
        if (!socket.isClosed() && !socket.writeQueueFull()) {
            socket.writeTextMessage(message.encode());
            silent = false;
        }
    }

    /**
     * Asks for a sign of life, which browsers give by themselves (RFC 6455 section 5.5.2), and gives one if there was none
     * since the last time: a message, since browsers show no ping to a page.
     */
    void ping() {
        if (!socket.isClosed() && !socket.writeQueueFull()) {
            socket.writePing(Buffer.buffer());
        }
        if (silent) {
            send(new JsonObject().put("type", "ping"));
        }
        silent = true;
    }
}
