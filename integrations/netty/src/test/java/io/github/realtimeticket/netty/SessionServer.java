// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.store.MemoryStoreFactory;
import com.corundumstudio.socketio.store.Store;
import com.corundumstudio.socketio.store.pubsub.PubSubStore;
import com.corundumstudio.socketio.transport.NamespaceClient;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.fixtures.FreePorts;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A netty-socketio server on a free port of loopback, with one event loop unless told otherwise, which greets. */
final class SessionServer implements AutoCloseable {

    final Queue<String> came = new ConcurrentLinkedQueue<>();
    final BlockingQueue<String> left = new LinkedBlockingQueue<>();
    final Queue<String> leftOn = new ConcurrentLinkedQueue<>();
    final Queue<WeakReference<ClientHead>> held = new ConcurrentLinkedQueue<>();
    final AtomicLong heard = new AtomicLong();
    final SocketIOServer server;
    final int port = FreePorts.one();
    final Cluster cluster = new Cluster();

    SessionServer(Gate gate) throws IOException {
        this(gate, 1);
    }

    SessionServer(Gate gate, int loops) throws IOException {
        this(gate, loops, settings -> {});
    }

    SessionServer(Gate gate, int loops, Consumer<Configuration> settings) throws IOException {
        var configuration = new Configuration();
        configuration.setHostname("127.0.0.1");
        configuration.setPort(port);
        configuration.setBossThreads(1);
        configuration.setWorkerThreads(loops);
        configuration.setStoreFactory(cluster);
        settings.accept(configuration);
        server = new SocketIOServer(configuration);
        var sessions = new SocketIoGate(gate);
        server.setPipelineFactory(sessions);
        server.addConnectListener(client -> {
            String name = sessions.admitted(client).holder().username();
            came.add(name);
            held.add(new WeakReference<>(((NamespaceClient) client).getBaseClient()));
            client.sendEvent("message", name);
        });
        server.addDisconnectListener(client -> {
            leftOn.add(Thread.currentThread().getName());
            left.add(sessions.admitted(client).holder().username());
        });
        server.addEventListener("bye", String.class, (client, unused, ack) -> {
            heard.incrementAndGet();
            sessions.admitted(client).connection().orElseThrow().close(1000, "bye");
        });
        server.addNamespace("/admin");
        server.start();
    }

    void broadcast(String text) {
        server.getBroadcastOperations().sendEvent("message", text);
    }

    /** Whether something waits, of the one session that there is, to be told what comes. */
    boolean hears() {
        return server.getAllClients().stream().anyMatch(SocketIOClient::isChannelOpen);
    }

    // Netty takes four seconds to stop it, for which nobody waits.
    @Override
    public void close() {
        CompletableFuture<Void> unused = CompletableFuture.runAsync(server::stop);
    }

    /** What other servers are told of sessions, which can fail, as with one in Redis. */
    static final class Cluster extends MemoryStoreFactory {

        final BlockingQueue<UUID> forgotten = new LinkedBlockingQueue<>();
        private volatile boolean down;
        private volatile boolean full;

        void down() {
            down = true;
        }

        void full() {
            full = true;
        }

        @Override
        public Store createStore(UUID session) {
            if (full) {
                throw new IllegalStateException("The cluster is full");
            }
            return super.createStore(session);
        }

        @Override
        public PubSubStore pubSubStore() {
            if (down) {
                throw new IllegalStateException("The cluster is down");
            }
            return super.pubSubStore();
        }

        @Override
        public void onDisconnect(ClientHead client) {
            super.onDisconnect(client);
            forgotten.add(client.getSessionId());
        }
    }
}
