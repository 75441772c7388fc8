// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Revocation;
import java.io.EOFException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * An exchange that was admitted by ticket, registered for as long as it takes (T16, T17). When its login ends, a body that is being
 * written ends, and what has not begun to answer is answered with nothing. What becomes a WebSocket is taken over by {@link #upgradedTo}.
 * Whoever takes none of that is cut off after ten seconds, where Reactor Netty is the server.
 *
 * <p>Thread-safe, and never blocks.
 */
final class LiveExchange {

    /** How long whoever takes no end is waited for. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String KEY = LiveExchange.class.getName();
    private static final long SECONDS_TO_OPEN = 30;

    private final Admitted admitted;
    private final ServerHttpRequest request;
    private final Duration patience;
    private final Sinks.Empty<Void> answerOver = Sinks.empty();
    private final Sinks.Empty<Void> bodyOver = Sinks.empty();
    private final Disposable.Swap cutting = Disposables.swap();
    private @Nullable CloseStatus over;
    private @Nullable Closing successor;
    private boolean upgrading;
    private boolean writing;

    /** How what an exchange has become is closed. */
    @FunctionalInterface
    interface Closing {

        void close(CloseStatus status) throws Exception;
    }

    private LiveExchange(Admitted admitted, ServerHttpRequest request, Duration patience) {
        this.admitted = admitted;
        this.request = request;
        this.patience = patience;
    }

    /** Goes on with an exchange that was admitted; one that is registered already just goes on. */
    static Mono<Void> register(
            Admitted admitted, ServerWebExchange exchange, Function<ServerWebExchange, Mono<Void>> next) {
        return register(admitted, exchange, PATIENCE, next);
    }

    /** As above, with another time until whoever takes no end is cut off. */
    static Mono<Void> register(
            Admitted admitted,
            ServerWebExchange exchange,
            Duration patience,
            Function<ServerWebExchange, Mono<Void>> next) {
        return of(exchange).isPresent()
                ? next.apply(exchange)
                : Mono.defer(() -> goOn(admitted, exchange, patience, next));
    }

    private static Mono<Void> goOn(
            Admitted admitted,
            ServerWebExchange exchange,
            Duration patience,
            Function<ServerWebExchange, Mono<Void>> next) {
        var live = new LiveExchange(admitted, exchange.getRequest(), patience);
        exchange.getAttributes().put(KEY, live);
        LiveConnection connection = admitted.opened((code, reason) -> live.close(new CloseStatus(code, reason)));
        ServerWebExchange ending =
                exchange.mutate().response(live.ending(exchange.getResponse())).build();
        // First the end: what has ended meanwhile does not begin.
        return Mono.firstWithSignal(live.answerOver.asMono(), Mono.defer(() -> next.apply(ending)))
                .doFinally(signal -> live.returned(signal == SignalType.ON_COMPLETE, connection));
    }

    /** What has become a WebSocket goes on, which Reactor Netty has opened by now, and a servlet container opens soon. */
    private void returned(boolean complete, LiveConnection connection) {
        synchronized (this) {
            if (successor != null) {
                return;
            }
        }
        if (complete && isUpgrading()) {
            Disposable unused =
                    Schedulers.parallel().schedule(() -> neverOpened(connection), SECONDS_TO_OPEN, TimeUnit.SECONDS);
        } else {
            gone();
            connection.ended();
        }
    }

    private void neverOpened(LiveConnection connection) {
        synchronized (this) {
            if (successor != null) {
                return;
            }
            over = new CloseStatus(Revocation.UNAUTHORIZED, "opened too late");
        }
        connection.ended();
    }

    private synchronized boolean isUpgrading() {
        return upgrading;
    }

    /** What it was handed over to is gone. */
    void gone() {
        cutting.dispose();
        admitted.connection().ifPresent(LiveConnection::ended);
    }

    /** What is registered of this exchange; nothing if no ticket has admitted it. */
    static Optional<LiveExchange> of(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(KEY));
    }

    /**
     * The handler of a handshake that begins, with sessions that end with the login of the exchange if a ticket has admitted it. From then on
     * nothing but {@link #upgradedTo} can close properly.
     */
    static WebSocketHandler closing(ServerWebExchange exchange, WebSocketHandler handler) {
        LiveExchange live = of(exchange).orElse(null);
        if (live == null || handler instanceof LiveSessionHandler) {
            return handler;
        }
        synchronized (live) {
            live.upgrading = true;
        }
        return new LiveSessionHandler(handler, live);
    }

    /** Leaves the closing to this from now on; it is called at once if the login has ended since the exchange was admitted. */
    void upgradedTo(Closing closing) throws Exception {
        CloseStatus before;
        synchronized (this) {
            successor = closing;
            before = over;
        }
        if (before != null) {
            closing.close(before);
        }
    }

    private void close(CloseStatus status) throws Exception {
        Closing next;
        boolean body;
        synchronized (this) {
            next = successor;
            if (over == null) {
                cutOffLater();
            } else if (next == null) {
                return;
            }
            // Else it could not be closed before.
            over = status;
            body = writing;
            if (upgrading && next == null) {
                return;
            }
        }
        if (next != null) {
            next.close(status);
        } else {
            var unused = body ? bodyOver.tryEmitEmpty() : answerOver.tryEmitEmpty();
        }
    }

    /** A client that takes no end, or a handler that comes to none, is not waited for. */
    private void cutOffLater() {
        if (ReactorNetty.PRESENT) {
            boolean unused = cutting.update(ReactorNetty.cutOffLater(request, patience));
        }
    }

    private ServerHttpResponse ending(ServerHttpResponse response) {
        return new ServerHttpResponseDecorator(response) {
            @Override
            public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
                // One that is a Mono is short, once it is there.
                return body instanceof Mono ? super.writeWith(body) : super.writeWith(untilOver(body));
            }

            @Override
            public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
                return super.writeAndFlushWith(untilOver(body));
            }

            private <T> Flux<T> untilOver(Publisher<T> body) {
                synchronized (LiveExchange.this) {
                    writing = true;
                }
                Mono<Void> end = bodyOver.asMono();
                // A client that was promised more is to see that it does not come. Spring takes this for one that has
                // gone, and logs no query.
                return Flux.from(body)
                        .takeUntilOther(
                                getHeaders().getContentLength() < 0
                                        ? end
                                        : end.then(Mono.error(() -> new EOFException("The login has ended"))));
            }
        };
    }
}
