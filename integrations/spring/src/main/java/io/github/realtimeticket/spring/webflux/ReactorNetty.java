// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.adapter.ReactorNettyWebSocketSession;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServerRequest;

/** What only Reactor Netty knows or can do. Where another server serves, nothing is so, and nothing is done. */
final class ReactorNetty {

    /** Whether it may be the server. Without it, what follows loads no class of its. */
    private static final boolean PRESENT =
            ClassUtils.isPresent("reactor.netty.http.server.HttpServerRequest", ReactorNetty.class.getClassLoader());

    private ReactorNetty() {}

    static boolean isHttp2(ServerHttpRequest request) {
        HttpServerRequest netty = received(request);
        return netty != null && netty.version().majorVersion() == 2;
    }

    static boolean serves(WebSocketSession session) {
        return PRESENT && session instanceof ReactorNettyWebSocketSession;
    }

    /** Leaves this of a header that it has received, by which it negotiates; nothing if there are no values. */
    static void leave(ServerHttpRequest request, String header, List<String> values) {
        HttpServerRequest netty = received(request);
        if (netty == null) {
            return;
        }
        if (values.isEmpty()) {
            netty.requestHeaders().remove(header);
        } else {
            netty.requestHeaders().set(header, String.join(",", values));
        }
    }

    /** Closes the connection of a request. */
    static void cutOff(ServerHttpRequest request) {
        HttpServerRequest netty = received(request);
        if (netty != null) {
            var unused = netty.withConnection(connection -> {
                var unusedClosing = Objects.requireNonNull(connection.channel()).close();
            });
        }
    }

    /** As above, after this time, unless that is disposed of before. */
    static Disposable cutOffLater(ServerHttpRequest request, Duration patience) {
        return PRESENT
                ? Schedulers.parallel().schedule(() -> cutOff(request), patience.toMillis(), TimeUnit.MILLISECONDS)
                : Disposables.disposed();
    }

    /** What answers, on the thread of the connection. */
    static Mono<Void> onItsThread(ServerHttpResponse response, Supplier<Mono<Void>> answer) {
        Mono<Void> answering = Mono.defer(answer);
        return PRESENT
                        && ServerHttpResponseDecorator.getNativeResponse(response)
                                instanceof ChannelOperations<?, ?> operations
                ? answering.subscribeOn(
                        Schedulers.fromExecutor(operations.channel().eventLoop()))
                : answering;
    }

    private static @Nullable HttpServerRequest received(ServerHttpRequest request) {
        return PRESENT && ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerRequest netty
                ? netty
                : null;
    }
}
