// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.messaging;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.spring.web.FirstMessage;
import io.github.realtimeticket.spring.websocket.WebSocketHandlers;
import java.security.Principal;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

/**
 * Lets each STOMP session of an application in by the ticket in its {@code CONNECT} frame, as a bean beside
 * {@code @EnableWebSocketMessageBroker}:
 *
 * <pre>{@code
 * @Bean
 * TicketStompConfigurer stompTickets(Gate gate) {
 *     return new TicketStompConfigurer(gate);
 * }
 * }</pre>
 *
 * <p>The ticket is in the frame's header {@code ticket} or in its {@code passcode}, and gone from the frame when others see it. It is
 * redeemed through the gate, which is told the {@code Origin} of the handshake, or of the first request of SockJS. The user of the session is its holder from
 * then on. A frame that is refused is answered with an {@code ERROR} that says {@link io.github.realtimeticket.Refusal#message()}
 * and no more (T11), and the session is closed. A session has one {@code CONNECT}: another one changes nothing and uses up no ticket. A frame
 * that another interceptor has given another user is refused: see {@link #withUsers}.
 *
 * <p>The thread that read the frame waits for the store, within the bound of a
 * {@link io.github.realtimeticket.BoundedTicketStore} as at a handshake. Immutable and thread-safe.
 */
public final class TicketStompConfigurer implements WebSocketMessageBrokerConfigurer, Ordered {

    private static final Duration TIME_TO_CONNECT = Duration.ofSeconds(10);

    private final Supplier<Gate> gate;
    private final Function<? super Admitted, ? extends Principal> users;
    private final Duration timeToConnect;

    private TicketStompConfigurer(
            Supplier<Gate> gate, Function<? super Admitted, ? extends Principal> users, Duration timeToConnect) {
        this.gate = gate;
        this.users = users;
        this.timeToConnect = timeToConnect;
    }

    /** Admits through this gate, whose own carrier does not matter here. */
    public TicketStompConfigurer(Gate gate) {
        this(SingletonSupplier.of(inConnect(gate)), Admitted::holder, TIME_TO_CONNECT);
    }

    /**
     * Admits through a gate that is made when the first ticket comes, so that what the gate is made of, such as a listener, may itself
     * need the message broker.
     */
    public static TicketStompConfigurer lazily(Supplier<Gate> gate) {
        return new TicketStompConfigurer(
                SingletonSupplier.of(() -> inConnect(gate.get())), Admitted::holder, TIME_TO_CONNECT);
    }

    private static Gate inConnect(Gate gate) {
        return gate.withCarrier(TicketCarrier.header(FirstMessage.TICKET));
    }

    /**
     * With this user of a session instead of the ticket's holder, such as an {@code Authentication} for the rules of Spring Security. What the function
     * throws is a fault of the application, and opens nothing.
     */
    public TicketStompConfigurer withUsers(Function<? super Admitted, ? extends Principal> users) {
        return new TicketStompConfigurer(gate, Objects.requireNonNull(users, "users"), timeToConnect);
    }

    /**
     * With another time within which a ticket must have come, from the opening of a session on; 10 seconds unless told otherwise. A
     * session without one is closed with 3000 then. One whose client has said {@code DISCONNECT} and stays is closed after the same time.
     *
     * @throws IllegalArgumentException if it is not 1 ms to 5 minutes
     */
    public TicketStompConfigurer withTimeToConnect(Duration timeToConnect) {
        if (timeToConnect.toMillis() < 1 || timeToConnect.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("The time to connect must be 1ms to 5m, not " + timeToConnect);
        }
        return new TicketStompConfigurer(gate, users, timeToConnect);
    }

    /** Whether a handler of HTTP requests opens STOMP sessions. */
    public static boolean isStomp(@Nullable Object handler) {
        WebSocketHandler sockets = WebSocketHandlers.sessions(handler);
        return sockets != null && WebSocketHandlerDecorator.unwrap(sockets) instanceof SubProtocolWebSocketHandler;
    }

    /** Whether a handler of HTTP requests opens sessions that a configurer of this kind watches over. */
    public static boolean isOpenedByTicketOnly(@Nullable Object handler) {
        WebSocketHandler sockets = WebSocketHandlers.sessions(handler);
        while (sockets instanceof WebSocketHandlerDecorator decorator) {
            if (sockets instanceof OpeningHandler) {
                return true;
            }
            sockets = decorator.getDelegate();
        }
        return false;
    }

    /** Called by Spring. */
    @Override
    public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
        registration.addDecoratorFactory(handler -> new OpeningHandler(handler, gate, timeToConnect));
    }

    /** Called by Spring. */
    @Override
    public void configureClientInboundChannel(ChannelRegistration registration) {
        registration.interceptors(new ConnectInterceptor(gate, users));
    }

    /** Before Spring Security's, which has {@code HIGHEST_PRECEDENCE + 100}. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 50;
    }
}
