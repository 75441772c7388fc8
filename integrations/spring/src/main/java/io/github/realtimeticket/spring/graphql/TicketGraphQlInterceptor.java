// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.spring.web.FirstMessage;
import io.github.realtimeticket.spring.webflux.Stages;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.PriorityOrdered;
import org.springframework.graphql.server.WebGraphQlHandler;
import org.springframework.graphql.server.WebGraphQlRequest;
import org.springframework.graphql.server.WebGraphQlResponse;
import org.springframework.graphql.server.WebSocketGraphQlInterceptor;
import org.springframework.graphql.server.WebSocketGraphQlRequest;
import org.springframework.graphql.server.WebSocketSessionInfo;
import org.springframework.security.core.Authentication;
import reactor.core.publisher.Mono;

/**
 * Lets each GraphQL session over a WebSocket in by the ticket in its {@code connection_init}, as a bean beside a {@link TicketWebMvcHandler}
 * or a {@link TicketWebFluxHandler}:
 *
 * <pre>{@code
 * @Bean
 * TicketGraphQlInterceptor graphQlTickets(Gate gate) {
 *     return new TicketGraphQlInterceptor(gate);
 * }
 * }</pre>
 *
 * <p>The ticket is the member {@code ticket} of the payload, and gone from it when others see it. It is redeemed through the gate, which is
 * told the {@code Origin} of the handshake, before {@code connection_ack}. A session that is refused is closed with 4400, 4401, 4403 or 4503
 * and {@link Refusal#message()}, and no more is said (T11). So is one that sends an operation before it is admitted. The holder is in the
 * context of every operation of the session, as {@value #HOLDER}, and where Spring Security is there, the holder is its user, without
 * authorities, whoever logged in at the handshake. Operations that come by HTTP are not looked at.
 *
 * <p>Thread-safe. It does not block; a servlet container's thread that read the message is made to wait by Spring for GraphQL itself.
 */
public final class TicketGraphQlInterceptor implements WebSocketGraphQlInterceptor, PriorityOrdered {

    /** The name of the ticket's holder in the context of an operation: {@code @ContextValue(HOLDER) TicketHolder user}. */
    public static final String HOLDER = "ticketHolder";

    private static final System.Logger LOG = System.getLogger(TicketGraphQlInterceptor.class.getName());

    // On servlets Spring waits for 10 seconds, and fails with a stack trace then.
    private static final Duration PATIENCE = Duration.ofSeconds(9);

    // What Spring closes a session with that brings no ticket at all: of no message of the protocol, of an operation,
    // of none in time.
    private static final Map<Integer, Refusal> REFUSALS =
            Map.of(4400, Refusal.UNSUITABLE, 4401, Refusal.MISSING, 4408, Refusal.MISSING);

    private final Gate gate;
    private final Function<Admitted, Mono<OperationUser>> users;
    private final Duration patience;

    private TicketGraphQlInterceptor(Gate gate, Function<Admitted, Mono<OperationUser>> users, Duration patience) {
        this.gate = gate;
        this.users = users;
        this.patience = patience;
    }

    /** Admits through this gate, whose own carrier does not matter here. */
    public TicketGraphQlInterceptor(Gate gate) {
        this(gate.withCarrier(TicketCarrier.header(FirstMessage.TICKET)), OperationUser.ofHolder(), PATIENCE);
    }

    /**
     * With this user in Spring Security's context of every operation. The function must not block. A failure of the function, or no user at all, is a fault of the application,
     * and opens nothing.
     */
    public TicketGraphQlInterceptor withUsers(
            Function<? super Admitted, ? extends Mono<? extends Authentication>> users) {
        return new TicketGraphQlInterceptor(gate, OperationUser.of(Objects.requireNonNull(users, "users")), patience);
    }

    /** With another time for the store and for the function that makes the user, together. */
    TicketGraphQlInterceptor withPatience(Duration patience) {
        return new TicketGraphQlInterceptor(gate, users, patience);
    }

    /**
     * That of the handler.
     *
     * @throws IllegalArgumentException if it asks for no ticket
     */
    static TicketGraphQlInterceptor of(WebGraphQlHandler handler) {
        if (handler.getWebSocketInterceptor() instanceof TicketGraphQlInterceptor interceptor) {
            return interceptor;
        }
        throw new IllegalArgumentException(
                "The WebGraphQlHandler has no TicketGraphQlInterceptor among its interceptors");
    }

    /** Called by Spring. */
    @Override
    public Mono<Object> handleConnectionInitialization(WebSocketSessionInfo session, Map<String, Object> payload) {
        ConnectionRequest message = takenFrom(payload, session);
        GraphQlOpening opening = GraphQlOpening.of(session.getAttributes());
        if (opening == null) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "Refused, because the endpoint {0} is neither a TicketWebMvcHandler nor a TicketWebFluxHandler",
                    session.getUri().getPath());
            return refused();
        }
        if (!opening.ask()) {
            return refused();
        }
        var redeemed = new AtomicReference<@Nullable Admitted>();
        return Stages.mono(() -> gate.admit(message))
                .flatMap(admission -> admission.fold(
                        admitted -> {
                            redeemed.set(admitted);
                            return enter(opening, admitted);
                        },
                        refused -> Mono.just(refused.reason())))
                .timeout(patience, Mono.fromSupplier(() -> late(redeemed.get())))
                .flatMap(reason -> opening.refuse(reason).then(refused()));
    }

    /** Takes the ticket out of the payload, which others will see. What is no text cannot be a ticket. */
    private static ConnectionRequest takenFrom(Map<String, Object> payload, WebSocketSessionInfo session) {
        Object ticket = payload.containsKey(FirstMessage.TICKET) ? payload.remove(FirstMessage.TICKET) : null;
        List<String> tickets = ticket == null ? List.of() : List.of(ticket instanceof String text ? text : "");
        return FirstMessage.of(FirstMessage.origins(session.getHeaders()), tickets, null);
    }

    /** Why it is refused after all; empty if the session is the user's now. */
    private Mono<Refusal> enter(GraphQlOpening opening, Admitted admitted) {
        return Mono.defer(() -> users.apply(admitted))
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("There is no such user")))
                // It may have ended while the store was asked.
                .mapNotNull(user -> opening.admit(admitted, user) ? null : Refusal.UNSUITABLE)
                .onErrorResume(fault -> {
                    LOG.log(System.Logger.Level.ERROR, "No user was made of " + admitted, fault);
                    return Mono.just(gate.refuse(Refusal.FAILED).reason());
                });
    }

    private Refusal late(@Nullable Admitted redeemed) {
        String what = redeemed == null
                ? "The store has said nothing"
                : "No user was made of " + redeemed + " for the ticket " + redeemed.fingerprint();
        // A gate says what it fails with, at WARNING, and one line a second with a count.
        CompletionStage<Admission> unused = gate.admit(ConnectionRequest.of(null, header -> {
            throw new IllegalStateException(what + " within " + patience);
        }));
        return Refusal.FAILED;
    }

    /** Refuses a session for another reason than its ticket. */
    Mono<Void> refuse(GraphQlOpening opening, Refusal reason) {
        if (opening.end()) {
            gate.refuse(reason);
        }
        return opening.refuse(reason);
    }

    /** Ends a session that is closed, by Spring for all that this class knows. */
    void closed(GraphQlOpening opening, int code) {
        if (opening.closed() && REFUSALS.containsKey(code)) {
            gate.refuse(REFUSALS.get(code));
        }
    }

    /** Makes Spring acknowledge nothing. It closes the session then, too, with 4401 if it is not closed yet. */
    private static Mono<Object> refused() {
        return Mono.error(() -> new IllegalStateException("refused"));
    }

    /** Called by Spring. */
    @Override
    public Mono<WebGraphQlResponse> intercept(WebGraphQlRequest request, Chain chain) {
        if (!(request instanceof WebSocketGraphQlRequest operation)) {
            return chain.next(request);
        }
        GraphQlOpening opening = GraphQlOpening.of(operation.getSessionInfo().getAttributes());
        if (opening == null) {
            return Mono.empty();
        }
        OperationUser user = opening.user();
        if (user == null) {
            // On WebFlux, Spring takes it as soon as a connection_init has come, whatever is decided on that.
            return refuse(opening, Refusal.MISSING).then(Mono.empty());
        }
        request.configureExecutionInput((input, changed) ->
                changed.graphQLContext(Map.of(HOLDER, user.holder())).build());
        return chain.next(request).contextWrite(user.context());
    }

    /** Before all others, whatever their order, which then find the user. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
