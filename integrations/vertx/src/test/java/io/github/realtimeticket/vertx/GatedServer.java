// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A Vert.x server with one event loop on a free port of loopback, which remembers what nobody handled. */
final class GatedServer implements AutoCloseable {

    final Queue<Throwable> unhandled = new ConcurrentLinkedQueue<>();
    final CountDownLatch disconnected = new CountDownLatch(1);
    final int port;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

    GatedServer(Function<Vertx, Handler<HttpServerRequest>> handler, String... subprotocols) {
        vertx.exceptionHandler(unhandled::add);
        var options = new HttpServerOptions().setHost("127.0.0.1");
        if (subprotocols.length > 0) {
            options.setWebSocketSubProtocols(Arrays.asList(subprotocols));
        }
        port = await(vertx.createHttpServer(options)
                        .connectionHandler(connection -> connection.closeHandler(gone -> disconnected.countDown()))
                        .requestHandler(handler.apply(vertx))
                        .listen(0))
                .actualPort();
    }

    /** Waits until the event loop has done all it had to do. */
    void settle() {
        for (int turn = 0; turn < 10; turn++) {
            await(Future.<Void>future(done -> vertx.runOnContext(done::complete)));
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
