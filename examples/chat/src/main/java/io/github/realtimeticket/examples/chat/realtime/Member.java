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
        }
    }

    /** Asks for a sign of life, which browsers give by themselves (RFC 6455 section 5.5.2). */
    void ping() {
        if (!socket.isClosed() && !socket.writeQueueFull()) {
            socket.writePing(Buffer.buffer());
        }
    }
}
