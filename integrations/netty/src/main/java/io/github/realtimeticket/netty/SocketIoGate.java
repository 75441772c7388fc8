// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.handler.ClientHead;
import com.corundumstudio.socketio.namespace.Namespace;
import com.corundumstudio.socketio.namespace.NamespacesHub;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import com.corundumstudio.socketio.transport.NamespaceClient;
import com.corundumstudio.socketio.transport.PollingTransport;
import com.corundumstudio.socketio.transport.WebSocketTransport;
import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.netty.TicketHandler.Way;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens the sessions of a netty-socketio server by ticket: its pipeline, with a {@link TicketHandler} in it.
 *
 * <pre>{@code
 * SocketIoGate sessions = new SocketIoGate(gate);
 * server.setPipelineFactory(sessions);
 * server.addConnectListener(client -> greet(sessions.admitted(client).holder()));
 * }</pre>
 *
 * <p>The request that opens a session has the ticket, whatever its transport. The requests that follow, polling and the change to a
 * WebSocket among them, name the session by its id, which the server has drawn, and need no ticket. The event loop is never blocked,
 * unlike by an {@code AuthorizationListener}, which is asked behind the gate.
 *
 * <p>A session ends with the login that its ticket was issued in (T16, T17). Socket.IO has no close codes. Whoever may come back sees its transport
 * closed, over a WebSocket with the code 3000, and whoever may not (3003) is disconnected from every namespace first, after which a client does not
 * connect by itself. A session whose last namespace a client leaves is over, and its WebSocket is closed.
 *
 * <p>Thread-safe. One for each server.
 *
 * <p><b>Security:</b> a request that opens no session and belongs to none is refused with 400, where netty-socketio would leave some
 * connections open. A session's id is always a random one: else a client could name it, and take the place of another.
 */
public final class SocketIoGate extends SocketIOChannelInitializer {

    private static final System.Logger LOG = System.getLogger(SocketIoGate.class.getName());

    private static final int NORMAL = 1000;
    private static final Set<String> TRANSPORTS = Set.of(PollingTransport.NAME, WebSocketTransport.NAME);
    private static final Set<String> BASE64 = Set.of("true", "false", "1", "0");

    private final Gate gate;
    private final Map<UUID, Session> sessions = new ConcurrentHashMap<>();
    // Up to when the application has forgotten the session: its listeners hear of the end after the session has ended.
    private final Map<ClientHead, Admitted> admitted = Collections.synchronizedMap(new WeakHashMap<>());
    private String path = "";
    private List<String> transports = List.of();

    /** One that is open, with the event loop that has opened it, and the channels that have asked to hear from it, each on its transport. */
    private record Session(
            LiveConnection connection, ClientHead client, EventLoop loop, Map<Channel, Transport> listening) {

        // Closes what netty-socketio has replaced, which it forgets, and would leave open for ever. Later, when it has
        // served the request, if it does: the end of a WebSocket that is not yet replaced is that of its session.
        void listen(Transport transport, Channel channel) {
            later(channel.eventLoop(), () -> {
                if (listening.put(channel, transport) == null) {
                    channel.closeFuture().addListener(closed -> listening.remove(channel));
                }
                listening.forEach((known, way) -> {
                    if (!client.isTransportChannel(known, way)) {
                        ChannelFuture unused = known.close();
                    }
                });
            });
        }
    }

    /** A pipeline whose sessions are opened by this gate. */
    public SocketIoGate(Gate gate) {
        this.gate = Objects.requireNonNull(gate, "gate");
    }

    /**
     * What was admitted with the request that opened this client's session; in every namespace, and in listeners of its end too.
     *
     * @throws IllegalStateException if it is of a server without this gate
     */
    public Admitted admitted(SocketIOClient client) {
        Admitted found = client instanceof NamespaceClient known ? admitted.get(known.getBaseClient()) : null;
        if (found == null) {
            throw new IllegalStateException("This gate has not admitted the client");
        }
        return found;
    }

    @Override
    public void start(Configuration configuration, NamespacesHub namespaces) {
        path = configuration.getContext() + "/";
        transports =
                configuration.getTransports().stream().map(Transport::getValue).toList();
        configuration.setRandomSession(true);
        super.start(configuration, namespaces);
    }

    @Override
    protected void addSocketioHandlers(ChannelPipeline pipeline) {
        super.addSocketioHandlers(pipeline);
        pipeline.addBefore(AUTHORIZE_HANDLER, "ticketGate", new TicketHandler(gate, this::way))
                .addAfter(AUTHORIZE_HANDLER, "ticketSession", new Opened())
                .addLast("ticketFaults", new Faults());
    }

    @Override
    public void onDisconnect(ClientHead client) {
        end(client, NORMAL, "", () -> {});
        super.onDisconnect(client);
    }

    @Override
    public void stop() {
        super.stop();
        sessions.values().forEach(session -> session.connection().ended());
        sessions.clear();
    }

    private static void later(EventLoop loop, Runnable task) {
        try {
            ScheduledFuture<?> unused = loop.schedule(task, 1, TimeUnit.SECONDS);
        } catch (RejectedExecutionException stopped) {
            // The server, and nothing is served any more.
        }
    }

    // In the event loop in which the session was opened, so that it is open by then. What was admitted knows it, and
    // must not hold the client: nothing would ever be forgotten.
    private LiveConnection.Closing closing(ClientHead opened, EventLoop loop) {
        var known = new WeakReference<>(opened);
        return (code, reason) -> loop.execute(() -> {
            ClientHead client = known.get();
            if (client != null) {
                end(client, code, reason, () -> forget(client));
            }
        });
    }

    // From here on no request that names the session is served, whatever fails below.
    private void end(ClientHead client, int code, String reason, Runnable then) {
        Session known = sessions.remove(client.getSessionId());
        if (known == null) {
            return;
        }
        // One that is being served meanwhile can still bind its channel, or put the client into a namespace, from which
        // nobody would take it.
        later(known.loop(), () -> {
            Channel unused = hangUp(client, NORMAL, "");
            if (!client.getNamespaces().isEmpty()) {
                client.onChannelDisconnect();
            }
        });
        if (code == Revocation.FORBIDDEN) {
            for (Namespace namespace : client.getNamespaces()) {
                var disconnect = new Packet(PacketType.MESSAGE, client.getEngineIOVersion());
                disconnect.setSubType(PacketType.DISCONNECT);
                disconnect.setNsp(namespace.getName());
                client.getPacketsQueue(client.getCurrentTransport()).add(disconnect);
            }
        }
        Channel socket = hangUp(client, code, reason);
        if (socket == null) {
            known.connection().ended();
            then.run();
        } else {
            socket.closeFuture().addListener(gone -> known.connection().ended());
            // Behind the close: netty-socketio cuts off a client that it has forgotten and that says something.
            inLoopOf(socket, then);
        }
    }

    /** Sends what waits, and behind it that this is the end. Answers the WebSocket that is closed, if there is one. */
    private static @Nullable Channel hangUp(ClientHead client, int code, String reason) {
        if (!client.isChannelOpen()) {
            return null;
        }
        if (client.getCurrentTransport() == Transport.POLLING) {
            ChannelFuture unused = client.send(lastPacket(client), Transport.POLLING);
        }
        ChannelFuture told = client.send(lastPacket(client), Transport.WEBSOCKET);
        if (told == null) {
            return null;
        }
        Channel socket = told.channel();
        inLoopOf(socket, () -> {
            TicketHandler handler = socket.pipeline().get(TicketHandler.class);
            if (handler != null) {
                handler.close(socket, code, reason);
            }
        });
        return socket;
    }

    private static Packet lastPacket(ClientHead client) {
        return new Packet(PacketType.CLOSE, client.getEngineIOVersion());
    }

    private static void inLoopOf(Channel channel, Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
        } else {
            channel.eventLoop().execute(task);
        }
    }

    // netty-socketio itself hears only of the end of what is in a namespace.
    private void forget(ClientHead client) {
        boolean unheard = client.getNamespaces().isEmpty();
        client.onChannelDisconnect();
        if (unheard) {
            onDisconnect(client);
        }
    }

    // Read as netty-socketio reads it: what that takes for the opening of a session must not lead past the gate.
    private Way way(Channel channel, NettyConnectionRequest asked) {
        try {
            var target = new QueryStringDecoder(asked.request().uri());
            Map<String, List<String>> parameters = target.parameters();
            List<String> transport = parameters.getOrDefault("transport", List.of());
            // The transports look at the query alone, whatever the path.
            boolean other = transport.isEmpty() || !TRANSPORTS.contains(transport.get(0));
            if (other && !target.path().startsWith(path)) {
                return Way.PAST;
            }
            boolean served = target.path().equals(path)
                    && transport.size() == 1
                    && transports.contains(transport.get(0))
                    && isReadable(parameters)
                    && asked.isUpgrade() == transport.get(0).equals(Transport.WEBSOCKET.getValue());
            if (!served) {
                return Way.NOWHERE;
            }
            boolean get = asked.request().method().equals(HttpMethod.GET);
            List<String> id = parameters.get("sid");
            if (id == null) {
                return get && !parameters.containsKey("disconnect") ? Way.SESSION : Way.NOWHERE;
            }
            Session session = id.size() == 1 ? sessions.get(UUID.fromString(id.get(0))) : null;
            if (session == null) {
                return Way.NOWHERE;
            }
            if (get) {
                session.listen(asked.isUpgrade() ? Transport.WEBSOCKET : Transport.POLLING, channel);
            }
            return Way.PAST;
        } catch (IllegalArgumentException unreadable) {
            return Way.NOWHERE;
        }
    }

    // A transport that fails to read these loses the request's buffers, and leaves behind what has already opened a
    // session.
    private static boolean isReadable(Map<String, List<String>> parameters) {
        int unused = Integer.parseInt(parameters.getOrDefault("j", List.of("0")).get(0));
        return BASE64.contains(parameters.getOrDefault("b64", List.of("0")).get(0));
    }

    /** Learns which session a request has opened, before its client does. */
    private final class Opened extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            Channel channel = ctx.channel();
            ClientHead client = channel.attr(ClientHead.CLIENT).get();
            if (message instanceof HttpRequest && client != null && !admitted.containsKey(client)) {
                Admitted by = TicketHandler.admitted(channel);
                admitted.put(client, by);
                EventLoop loop = channel.eventLoop();
                var session = new Session(by.opened(closing(client, loop)), client, loop, new ConcurrentHashMap<>());
                session.listen(client.getCurrentTransport(), channel);
                sessions.put(client.getSessionId(), session);
                // Later, because the answer to a poll, which ends its connection, goes out before the session is in
                // use.
                channel.closeFuture().addListener(closed -> channel.eventLoop().execute(() -> forgetUnused(client)));
            }
            ctx.fireChannelRead(message);
        }

        // What fails before it is in a namespace would stay for ever.
        private void forgetUnused(ClientHead client) {
            if (client.getNamespaces().isEmpty() && sessions.containsKey(client.getSessionId())) {
                forget(client);
            }
        }
    }

    /** Ends a connection in which a transport fails, where Netty would leave it open. */
    private static final class Faults extends ChannelInboundHandlerAdapter {

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable fault) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    () -> "A connection is closed by " + fault.getClass().getName());
            ChannelFuture unused = ctx.close();
        }
    }
}
