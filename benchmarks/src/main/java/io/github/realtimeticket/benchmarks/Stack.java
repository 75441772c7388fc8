// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Openings.Opener;
import io.github.realtimeticket.fixtures.Requests;
import io.github.realtimeticket.fixtures.Requests.Opening;
import io.github.realtimeticket.netty.SocketIoGate;
import io.github.realtimeticket.netty.TicketHandler;
import io.github.realtimeticket.vertx.TicketHandshakeHandler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A realtime stack, with which a server is started that opens WebSockets: by ticket, or for everybody. */
enum Stack {
    SPRING_MVC("WebSocket handshakes, Spring MVC and Security") {
        @Override
        Server start(@Nullable TicketStore store) {
            return SpringServers.servlets(store, PATHS);
        }
    },

    STOMP("STOMP up to CONNECTED, Spring") {
        @Override
        Server start(@Nullable TicketStore store) {
            return SpringServers.servlets(store, "stomp=true");
        }

        @Override
        Opening opening(String ticket) {
            return new Opening(STOMP_PATH, null, connect(ticket), "CONNECTED");
        }
    },

    SOCK_JS("STOMP over SockJS up to CONNECTED, Spring") {
        @Override
        Server start(@Nullable TicketStore store) {
            return SpringServers.servlets(store, "stomp=true");
        }

        @Override
        Opening opening(String ticket) {
            String connect = connect(ticket).replace("\n", "\\n").replace("\0", "\\u0000");
            String session = SOCK_JS_PATH + "/000/" + SESSIONS.incrementAndGet() + "/websocket";
            return new Opening(session, null, "[\"" + connect + "\"]", "CONNECTED");
        }
    },

    GRAPHQL("GraphQL up to connection_ack, Spring MVC") {
        @Override
        Server start(@Nullable TicketStore store) {
            return SpringServers.servlets(store, "graphql=true");
        }

        @Override
        Opening opening(String ticket) {
            String init = "{\"type\":\"connection_init\",\"payload\":{\"ticket\":\"" + ticket + "\"}}";
            return new Opening(GRAPHQL_PATH, "graphql-transport-ws", init, "connection_ack");
        }
    },

    GRAPHQL_WEBFLUX("GraphQL up to connection_ack, Spring WebFlux") {
        @Override
        Server start(@Nullable TicketStore store) {
            return SpringServers.reactive(store, "graphql=true");
        }

        @Override
        Opening opening(String ticket) {
            return GRAPHQL.opening(ticket);
        }
    },

    STREAM_SPRING_MVC("Event streams, Spring MVC and Security") {
        @Override
        Server start(@Nullable TicketStore store) throws Exception {
            return SPRING_MVC.start(store);
        }

        @Override
        Opener opener(Server server) {
            return stream(server);
        }
    },

    WEBFLUX("WebSocket handshakes, Spring WebFlux and Security") {
        @Override
        Server start(@Nullable TicketStore store) {
            return SpringServers.reactive(store, PATHS);
        }
    },

    STREAM_WEBFLUX("Event streams, Spring WebFlux and Security") {
        @Override
        Server start(@Nullable TicketStore store) throws Exception {
            return WEBFLUX.start(store);
        }

        @Override
        Opener opener(Server server) {
            return stream(server);
        }
    },

    VERTX("WebSocket handshakes, Vert.x") {
        @Override
        Server start(@Nullable TicketStore store) {
            Handler<HttpServerRequest> open = request -> {
                Future<ServerWebSocket> unused = request.toWebSocket();
            };
            Vertx vertx = Vertx.vertx();
            int port = vertx.createHttpServer()
                    .requestHandler(
                            store == null ? open : TicketHandshakeHandler.of(Gate.of(store), (admitted, socket) -> {}))
                    .listen(0, "127.0.0.1")
                    .await()
                    .actualPort();
            return new Server(port, () -> {
                Void unused = vertx.close().await();
            });
        }
    },

    STREAM_VERTX("Event streams, Vert.x") {
        @Override
        Server start(@Nullable TicketStore store) {
            Vertx vertx = Vertx.vertx();
            Router router = Router.router(vertx);
            if (store != null) {
                router.get(STREAM_PATH).handler(io.github.realtimeticket.vertx.TicketHandler.of(Gate.of(store)));
            }
            router.get(STREAM_PATH).handler(request -> {
                Future<Void> unused = request.response()
                        .putHeader("Content-Type", "text/event-stream")
                        .end(FIRST_EVENT);
            });
            int port = vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .await()
                    .actualPort();
            return new Server(port, () -> {
                Void unused = vertx.close().await();
            });
        }

        @Override
        Opener opener(Server server) {
            return stream(server);
        }
    },

    TOMCAT("WebSocket handshakes, Jakarta in Tomcat") {
        @Override
        Server start(@Nullable TicketStore store) throws Exception {
            return Containers.tomcat(store);
        }
    },

    STREAM_TOMCAT("Event streams, Jakarta in Tomcat") {
        @Override
        Server start(@Nullable TicketStore store) throws Exception {
            return TOMCAT.start(store);
        }

        @Override
        Opener opener(Server server) {
            return stream(server);
        }
    },

    JETTY("WebSocket handshakes, Jakarta in Jetty") {
        @Override
        Server start(@Nullable TicketStore store) throws Exception {
            return Containers.jetty(store);
        }
    },

    UNDERTOW("WebSocket handshakes, Jakarta in Undertow") {
        @Override
        Server start(@Nullable TicketStore store) throws Exception {
            return Containers.undertow(store);
        }
    },

    NETTY("WebSocket handshakes, Netty") {
        @Override
        Server start(@Nullable TicketStore store) throws Exception {
            Gate gate = store == null ? null : Gate.of(store);
            var sockets = WebSocketServerProtocolConfig.newBuilder()
                    .websocketPath(PATH)
                    .checkStartsWith(true)
                    .build();
            EventLoopGroup loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
            Channel channel = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel accepted) {
                            accepted.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(65_536));
                            if (gate != null) {
                                accepted.pipeline().addLast(TicketHandler.webSockets(gate, PATH));
                            }
                            accepted.pipeline().addLast(new WebSocketServerProtocolHandler(sockets));
                        }
                    })
                    .bind("127.0.0.1", 0)
                    .sync()
                    .channel();
            return new Server(((InetSocketAddress) channel.localAddress()).getPort(), () -> loops.shutdownGracefully()
                    .sync());
        }
    },

    SOCKET_IO("WebSocket handshakes, netty-socketio") {
        @Override
        Server start(@Nullable TicketStore store) throws Exception {
            int port = FreePorts.one();
            var configuration = new Configuration();
            configuration.setHostname("127.0.0.1");
            configuration.setPort(port);
            var server = new SocketIOServer(configuration);
            if (store != null) {
                server.setPipelineFactory(new SocketIoGate(Gate.of(store)));
            }
            server.start();
            return new Server(port, server::stop);
        }

        @Override
        Opening opening(String ticket) {
            return new Opening("/socket.io/?EIO=4&transport=websocket&ticket=" + ticket, null, null, "");
        }
    };

    /** Where the WebSocket is. */
    static final String PATH = "/realtime/chat";

    /** Where STOMP's is. */
    static final String STOMP_PATH = "/stomp";

    /** Where it is over SockJS. */
    static final String SOCK_JS_PATH = "/sockjs";

    /** Where GraphQL's is. */
    static final String GRAPHQL_PATH = "/graphql";

    /** Where an event stream is, which ends with its first event: how fast servers notice that a client has left is not the question. */
    static final String STREAM_PATH = "/realtime/events";

    static final String FIRST_EVENT = "data: hello\n\n";

    private static final String PATHS = "paths=/realtime/**";
    private static final AtomicLong SESSIONS = new AtomicLong();

    private final String title;

    Stack(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** A server that opens by ticket of this store; without a store, for everybody. */
    abstract Server start(@Nullable TicketStore store) throws Exception;

    /** How a client opens a connection with this ticket. */
    Opening opening(String ticket) {
        return new Opening(PATH + "?ticket=" + ticket, null, null, "");
    }

    private static String connect(String ticket) {
        return "CONNECT\naccept-version:1.2\nhost:localhost\nticket:" + ticket + "\n\n\0";
    }

    Opener opener(Server server) {
        return ticket -> Requests.open(server.port(), opening(ticket));
    }

    private static Opener stream(Server server) {
        return ticket -> Requests.get(server.port(), STREAM_PATH + "?ticket=" + ticket);
    }

    /** A server on the loopback interface. */
    record Server(int port, AutoCloseable stop) implements AutoCloseable {
        @Override
        public void close() {
            try {
                stop.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
