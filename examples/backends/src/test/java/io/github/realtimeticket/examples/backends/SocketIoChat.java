// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.backends;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.netty.SocketIoGate;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.lettuce.core.RedisURI;

/** A whole server in netty-socketio: a ticket opens a session, which greets its holder and echoes. */
final class SocketIoChat implements AutoCloseable {

    private final SocketIOServer server;

    SocketIoChat(Gate gate, int port) {
        var configuration = new Configuration();
        configuration.setHostname("127.0.0.1");
        configuration.setPort(port);
        server = new SocketIOServer(configuration);

        var sessions = new SocketIoGate(gate);
        server.setPipelineFactory(sessions);

        server.addConnectListener(client -> client.sendEvent(
                "message", "Hello " + sessions.admitted(client).holder().username()));
        server.addEventListener("message", String.class, (client, text, ack) -> client.sendEvent("message", text));
        server.start();
    }

    @Override
    public void close() {
        server.stop();
    }

    public static void main(String[] args) {
        var store = RedisTicketStore.connect(RedisURI.create(args[0]));
        var tickets = Tickets.builder(store).revocations(store.revocations()).build();
        var unused = new SocketIoChat(Gate.of(tickets), Integer.parseInt(args[1]));
    }
}
