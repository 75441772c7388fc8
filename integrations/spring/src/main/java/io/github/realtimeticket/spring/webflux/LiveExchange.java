// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.spring.web.Handover;
import java.io.EOFException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.publisher.Sinks;

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

    private final Admitted admitted;
    private final ServerHttpRequest request;
    private final Duration patience;
    private final Handover handover;
    private final Sinks.Empty<Void> answerOver = Sinks.empty();
    private final Sinks.Empty<Void> bodyOver = Sinks.empty();
    private final Disposable.Swap cutting = Disposables.swap();
    private volatile boolean writing;

    private LiveExchange(Admitted admitted, ServerHttpRequest request, Duration patience) {
        this.admitted = admitted;
        this.request = request;
        this.patience = patience;
        handover = new Handover(admitted, (code, reason) -> endAnswer());
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
                : Mono.defer(() -> new LiveExchange(admitted, exchange.getRequest(), patience).goOn(exchange, next));
    }

    private Mono<Void> goOn(ServerWebExchange exchange, Function<ServerWebExchange, Mono<Void>> next) {
        exchange.getAttributes().put(KEY, this);
        handover.begin();
        ServerWebExchange ending =
                exchange.mutate().response(ending(exchange.getResponse())).build();
        // First the end: what has ended meanwhile does not begin.
        return Mono.firstWithSignal(answerOver.asMono(), Mono.defer(() -> next.apply(ending)))
                .doFinally(signal -> returned(signal == SignalType.ON_COMPLETE));
    }

    private void returned(boolean complete) {
        if (!handover.returned(complete)) {
            cutting.dispose();
        }
    }

    /** What it was handed over to is gone. */
    void gone() {
        cutting.dispose();
        admitted.ended();
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
        live.handover.upgrading();
        return new LiveSessionHandler(handler, live);
    }

    /** Leaves the closing to this from now on; it is called at once if the login has ended since the exchange was admitted. */
    void upgradedTo(LiveConnection.Closing closing) throws Exception {
        handover.upgradedTo((code, reason) -> {
            cutOffLater();
            closing.close(code, reason);
        });
    }

    /** A handshake is not broken off: it is closed as soon as it is a WebSocket. */
    private void endAnswer() {
        cutOffLater();
        if (!handover.isUpgrading()) {
            var unused = (writing ? bodyOver : answerOver).tryEmitEmpty();
        }
    }

    /** A client that takes no end, or a handler that comes to none, is not waited for; no longer either if it is told again. */
    private void cutOffLater() {
        if (cutting.get() == null) {
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
                writing = true;
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
