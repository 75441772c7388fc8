// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.realtime;

import io.github.realtimeticket.TicketHolder;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;

/** Somebody in the room by one connection. Compared by identity, so that two tabs of one user are two members. */
final class Member {

    /** The client can't take what it gets as fast as it comes. */
    private static final short TRY_AGAIN_LATER = 1013;

    private final TicketHolder holder;
    private final ServerWebSocket socket;

    Member(TicketHolder holder, ServerWebSocket socket) {
        this.holder = holder;
        this.socket = socket;
    }

    TicketHolder holder() {
        return holder;
    }

    void send(JsonObject message) {
        if (socket.isClosed()) {
            return;
        }
        if (socket.writeQueueFull()) {
            socket.close(TRY_AGAIN_LATER);
        } else {
            socket.writeTextMessage(message.encode());
        }
    }
}
