// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Openings;
import io.github.realtimeticket.fixtures.Requests;
import io.github.realtimeticket.fixtures.Requests.Opening;
import io.github.realtimeticket.fixtures.Turns;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * WebSocket handshakes with a Vert.x server: with the gate on the store in Redis, history checked; with a handler that does one bare
 * {@code GETDEL}; and with neither.
 */
public final class GateBesideBareGetdel {

    private GateBesideBareGetdel() {}

    /** Measures against a Redis of its own, or against the one at the address that is given. */
    public static void main(String[] arguments) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (RedisForARun redis = RedisForARun.start(arguments);
                Bare bare = new Bare(redis.url());
                RedisTicketStore store = RedisTicketStore.connect(RedisURI.create(redis.url()));
                RedisTicketStore following = RedisTicketStore.connect(RedisURI.create(redis.url()))) {
            Turns.compare(
                    List.of(Openings.title("WebSocket handshakes")),
                    List.of(
                            bareGetdel(vertx, bare),
                            ourGate("our gate, history checked", vertx, tickets(store, null)),
                            ourGate("our gate, with revocations", vertx, tickets(following, following.revocations())),
                            noGate(vertx)));
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

    private static Openings candidate(
            String name, Vertx vertx, Handler<HttpServerRequest> handler, Supplier<String> ticket) {
        int port = vertx.createHttpServer()
                .requestHandler(handler)
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
        return new Openings(name, text -> Requests.open(port, new Opening("/?ticket=" + text, null, null, "")), ticket);
    }

    private static Openings ourGate(String name, Vertx vertx, Tickets tickets) {
        TicketGrant.Granted grant = TicketGrant.to(Bare.ALICE).withSession("session");
        return candidate(
                name,
                vertx,
                TicketHandshakeHandler.of(Gate.of(tickets), (admitted, socket) -> {}),
                () -> tickets.issue(grant, null).toCompletableFuture().join().reveal());
    }

    private static Openings bareGetdel(Vertx vertx, Bare bare) {
        Handler<HttpServerRequest> getdel = request -> {
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
        };
        long timeToLive = TicketStore.LONGEST_TIME_TO_LIVE.toMillis();
        return candidate("bare GETDEL", vertx, getdel, () -> {
            String name = Bare.name();
            String unused = bare.connection().sync().set(Bare.key(name), Bare.VALUE, Bare.onceFor(timeToLive));
            return name;
        });
    }

    private static Openings noGate(Vertx vertx) {
        Handler<HttpServerRequest> open = request -> {
            Future<ServerWebSocket> unused = request.toWebSocket();
        };
        return candidate("no gate", vertx, open, Bare::name);
    }
}
