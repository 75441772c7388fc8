// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.fixtures.FreePorts;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A netty-socketio server with one event loop on a free port of loopback, which greets. */
final class SessionServer implements AutoCloseable {

    final Queue<String> came = new ConcurrentLinkedQueue<>();
    final BlockingQueue<String> left = new LinkedBlockingQueue<>();
    final SocketIOServer server;
    final int port = FreePorts.one();

    SessionServer(Gate gate) throws IOException {
        var configuration = new Configuration();
        configuration.setHostname("127.0.0.1");
        configuration.setPort(port);
        configuration.setBossThreads(1);
        configuration.setWorkerThreads(1);
        server = new SocketIOServer(configuration);
        var tickets = new SocketIoGate(gate);
        server.setPipelineFactory(tickets);
        server.addConnectListener(client -> {
            String name = tickets.admitted(client).holder().username();
            came.add(name);
            client.sendEvent("message", name);
        });
        server.addDisconnectListener(
                client -> left.add(tickets.admitted(client).holder().username()));
        server.start();
    }

    // Netty takes four seconds to stop it, for which nobody waits.
    @Override
    public void close() {
        CompletableFuture<Void> unused = CompletableFuture.runAsync(server::stop);
    }
}
