// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.rsocket;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketHolder;
import io.rsocket.ConnectionSetupPayload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.exceptions.RejectedSetupException;
import io.rsocket.plugins.SocketAcceptorInterceptor;
import java.util.List;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** Lets each connection in by the ticket that is the data of its setup frame. */
final class TicketAcceptor implements SocketAcceptorInterceptor {

    /** What Reactor's context has the lines of {@code Origin} of the handshake as. */
    static final String ORIGINS = "origins";

    private final Gate gate;

    TicketAcceptor(Gate gate) {
        this.gate = gate.withCarrier(TicketCarrier.header("ticket"));
    }

    @Override
    public SocketAcceptor apply(SocketAcceptor next) {
        return (setup, client) -> admit(setup)
                .flatMap(admission -> admission.fold(
                        admitted -> next.accept(setup, client)
                                .contextWrite(Context.of(TicketHolder.class, admitted.holder()))
                                .<RSocket>map(served -> new OfHolder(served, admitted.holder()))
                                .doOnNext(served -> endWithTheLogin(admitted, client)),
                        refused -> Mono.error(
                                new RejectedSetupException(refused.reason().message()))));
    }

    private Mono<Admission> admit(ConnectionSetupPayload setup) {
        List<String> tickets = List.of(setup.getDataUtf8());
        return Mono.deferContextual(context -> {
                    List<String> origins = context.getOrDefault(ORIGINS, List.of());
                    ConnectionRequest frame = ConnectionRequest.of(null, header -> switch (header) {
                        case "ticket" -> tickets;
                        case "Origin" -> origins;
                        default -> List.of();
                    });
                    return Mono.fromFuture(gate.admit(frame).toCompletableFuture(), true);
                })
                .publishOn(Schedulers.parallel());
    }

    private static void endWithTheLogin(Admission.Admitted admitted, RSocket client) {
        LiveConnection open = admitted.opened((code, reason) -> client.dispose());
        Disposable unused = client.onClose().doFinally(end -> open.ended()).subscribe(none -> {}, fault -> {});
    }
}
