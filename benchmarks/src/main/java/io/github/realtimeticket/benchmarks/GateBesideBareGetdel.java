// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.benchmarks.Turns.Cost;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.vertx.TicketHandshakeHandler;
import io.lettuce.core.RedisURI;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * WebSocket handshakes with a Vert.x server: with the gate on the store in Redis, history checked; with a handler that does one bare
 * {@code GETDEL}; and with neither.
 */
public final class GateBesideBareGetdel {

    private static final int HANDSHAKES = Integer.getInteger("handshakes", 10_000);
    private static final int THREADS = Integer.getInteger("threads", 16);

    private GateBesideBareGetdel() {}

    /** Measures against a Redis of its own, or against the one at the address that is given. */
    public static void main(String[] arguments) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (RedisForARun redis = RedisForARun.start(arguments);
                Bare bare = new Bare(redis.url());
                RedisTicketStore store = RedisTicketStore.connect(RedisURI.create(redis.url()));
                RedisTicketStore following = RedisTicketStore.connect(RedisURI.create(redis.url()))) {
            Turns.compare(
                    List.of("WebSocket handshakes, " + THREADS + " at once"),
                    List.of(
                            new BareGetdel(vertx, bare),
                            new OurGate("our gate, history checked", vertx, tickets(store, null)),
                            new OurGate(
                                    "our gate, with revocations", vertx, tickets(following, following.revocations())),
                            new NoGate(vertx)));
        } finally {
            vertx.close().await();
        }
    }

    private static Tickets tickets(TicketStore store, @Nullable Revocations revocations) {
        return Tickets.builder(store)
                .timeToLive(TicketStore.LONGEST_TIME_TO_LIVE)
                .revocations(revocations)
                .build();
    }

    private abstract static class Candidate implements Turns.Candidate {
        private final String name;
        private final int port;

        Candidate(String name, Vertx vertx, Handler<HttpServerRequest> handler) {
            this.name = name;
            port = vertx.createHttpServer()
                    .requestHandler(handler)
                    .listen(0, "127.0.0.1")
                    .await()
                    .actualPort();
        }

        @Override
        public String name() {
            return name;
        }

        /** What a client sends as its ticket, and what is in Redis for it before it does. */
        abstract String ticket();

        @Override
        public List<Cost> run() throws Exception {
            var requests = new byte[HANDSHAKES][];
            for (int i = 0; i < HANDSHAKES; i++) {
                requests[i] = Requests.handshake("/?ticket=" + ticket());
            }
            return List.of(Cost.of(HANDSHAKES, () -> Requests.handshakes(port, THREADS, HANDSHAKES, i -> requests[i])));
        }
    }

    private static final class OurGate extends Candidate {
        private final Tickets tickets;

        OurGate(String name, Vertx vertx, Tickets tickets) {
            super(name, vertx, TicketHandshakeHandler.of(Gate.of(tickets), (admitted, socket) -> {}));
            this.tickets = tickets;
        }

        @Override
        String ticket() {
            Ticket ticket = tickets.issue(TicketGrant.to(Bare.ALICE).withSession("session"), null)
                    .toCompletableFuture()
                    .join();
            return ticket.reveal();
        }
    }

    private static final class BareGetdel extends Candidate {
        private final Bare bare;

        BareGetdel(Vertx vertx, Bare bare) {
            super("bare GETDEL", vertx, request -> {
                var context = Objects.requireNonNull(Vertx.currentContext());
                HttpServerRequest paused = request.pause();
                byte[] key = Bare.key(request.getParam("ticket"));
                Future.fromCompletionStage(bare.connection().async().getdel(key), context)
                        .onSuccess(value -> {
                            HttpServerRequest resumed = paused.resume();
                            if (value == null) {
                                Future<Void> unused =
                                        resumed.response().setStatusCode(401).end();
                            } else {
                                Future<ServerWebSocket> unused = resumed.toWebSocket();
                            }
                        });
            });
            this.bare = bare;
        }

        @Override
        String ticket() {
            String name = Bare.name();
            long life = TicketStore.LONGEST_TIME_TO_LIVE.toMillis();
            String unused = bare.connection().sync().set(Bare.key(name), Bare.VALUE, Bare.onceFor(life));
            return name;
        }
    }

    private static final class NoGate extends Candidate {
        NoGate(Vertx vertx) {
            super("no gate", vertx, request -> {
                Future<ServerWebSocket> unused = request.toWebSocket();
            });
        }

        @Override
        String ticket() {
            return Bare.name();
        }
    }
}
