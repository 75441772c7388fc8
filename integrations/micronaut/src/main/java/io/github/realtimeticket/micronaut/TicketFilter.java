// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.micronaut.context.BeanContext;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.context.ServerRequestContext;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.inject.qualifiers.Qualifiers;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.websocket.annotation.ServerWebSocket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Opens the application's WebSockets by ticket only, through its one {@link Gate} bean, whatever their paths. Plain requests pass.
 *
 * <p>The holder is the {@code Principal} of the request and of the session, and {@link #admitted} what else is known. The session is closed with
 * 3000 or 3003 when the login ends that its ticket was issued in (T16, T17). A refusal has the status, headers and body of T11.
 *
 * <p>The gate is asked when all filters have let the handshake pass and nothing but {@code @OnOpen} follows, so that a ticket is used up
 * last (T20), and whom a filter has logged in is not the user of what a ticket opens. No thread waits for the store.
 *
 * <p><b>Security:</b> an application with a WebSocket and without a gate, or with several gates, does not start. The property {@code
 * realtime-ticket.gate.except} lists the WebSockets that the application itself guards, by what {@code @ServerWebSocket} says: no gate is asked
 * there. On another server than Netty an application with any further WebSocket does not start, either.
 */
@Context
// An application that only issues need not have them.
@Requires(classes = {ServerWebSocket.class, NettyHttpRequest.class})
// So it is the last to see an answer. No order is the last for requests: others have the same that name none.
@Order(Ordered.HIGHEST_PRECEDENCE)
// WebSockets are not below the context path.
@ServerFilter(value = ServerFilter.MATCH_ALL_PATTERN, appendContextPath = false)
public final class TicketFilter {

    private static final String ADMITTED = TicketFilter.class.getName();

    private static final CompletionStage<Optional<HttpResponse<?>>> GO_ON =
            CompletableFuture.completedFuture(Optional.empty());

    private final @Nullable Gate gate;
    private final Set<String> except;

    TicketFilter(
            BeanProvider<Gate> gates, BeanContext beans, @Value("${realtime-ticket.gate.except:}") Set<String> except) {
        this.except = Set.copyOf(except);
        gate = gates.isPresent() ? gates.get() : null;
        if (gate == null && isNeeded(beans, except)) {
            throw new ConfigurationException("There is a WebSocket, and no Gate bean that admits to it:"
                    + " realtime-ticket.gate.except lists those that no ticket opens");
        }
    }

    /** Whether there is a WebSocket that is not excepted. */
    static boolean isNeeded(BeanContext beans, Set<String> except) {
        return beans.getBeanDefinitions(Qualifiers.byStereotype(ServerWebSocket.class)).stream()
                .anyMatch(webSocket -> !except.contains(
                        webSocket.stringValue(ServerWebSocket.class).orElse("")));
    }

    /**
     * How the WebSocket of this request was admitted, which {@code @OnOpen} and {@code @OnMessage} have as an argument.
     *
     * @throws IllegalStateException if no ticket has opened it
     */
    public static Admitted admitted(HttpRequest<?> request) {
        return request.getAttribute(ADMITTED, Admitted.class)
                .orElseThrow(() -> new IllegalStateException("No ticket has opened the WebSocket of this request"));
    }

    @ResponseFilter
    CompletionStage<Optional<HttpResponse<?>>> admit(HttpRequest<?> filtered, HttpResponse<?> answer) {
        // Micronaut upgrades the request that came, whatever filters have made of it.
        HttpRequest<?> request = ServerRequestContext.currentRequest()
                .<HttpRequest<?>>map(came -> came)
                .orElse(filtered);
        var handshake = new MicronautConnectionRequest(request);
        if (!handshake.isForWebSocket() || request.getAttribute(ADMITTED).isPresent()) {
            return GO_ON;
        }
        LiveChannel channel = LiveChannel.of(request);
        // Micronaut's own says of which route it is.
        boolean isRefused = answer.code() >= HttpStatus.MULTIPLE_CHOICES.getCode()
                || RouteAttributes.getRouteMatch(answer).isEmpty();
        boolean isExcepted = handshake.endpoint().filter(except::contains).isPresent();
        if (isRefused && (isExcepted || gate == null || handshake.refusal() == null)) {
            return handshake.endpoint().isPresent()
                    ? CompletableFuture.completedFuture(Optional.of(MicronautAnswer.copyOf(answer)))
                    : GO_ON;
        }
        if (isExcepted) {
            if (channel != null) {
                channel.pass();
            }
            return GO_ON;
        }
        if (gate == null) {
            return refused(Refusal.FAILED);
        }
        if (channel == null || !channel.begin()) {
            return refused(gate.refuse(Refusal.UNSUITABLE).reason());
        }
        // Back in the event loop: in any other thread, a first message could overtake the handler that Micronaut puts
        // there for it.
        return gate.admit(handshake)
                .thenApplyAsync(
                        admission -> admission.fold(
                                admitted -> {
                                    if (!channel.admit(admitted)) {
                                        return Optional.of(MicronautAnswer.of(Refusal.UNSUITABLE));
                                    }
                                    handshake.hideTicket(admitted);
                                    request.setUserPrincipal(admitted.holder());
                                    request.setAttribute(ADMITTED, admitted);
                                    return Optional.empty();
                                },
                                refused -> {
                                    channel.refuse();
                                    return Optional.of(MicronautAnswer.of(refused.reason()));
                                }),
                        channel.executor());
    }

    private static CompletionStage<Optional<HttpResponse<?>>> refused(Refusal reason) {
        return CompletableFuture.completedFuture(Optional.of(MicronautAnswer.of(reason)));
    }
}
