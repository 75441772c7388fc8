// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketGrant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/**
 * An {@link Issuer} for exchanges: finds out what the framework tells later (the user, the grant, the CSRF proof), as far as the issuer
 * will ask for it, and then asks the issuer. Thread-safe.
 */
final class ExchangeIssuer {

    private final Issuer issuer;
    private final ReactiveTicketGrants grants;

    ExchangeIssuer(Issuer issuer, ReactiveTicketGrants grants) {
        this.issuer = Objects.requireNonNull(issuer, "issuer");
        this.grants = Objects.requireNonNull(grants, "grants");
    }

    /** Never empty, and never fails. */
    Mono<IssueAnswer> issue(ServerWebExchange exchange) {
        var request = new ExchangeIssueRequest(exchange);
        Optional<IssueAnswer> refused = issuer.refuse(request, true);
        return refused.isPresent()
                ? Mono.just(refused.get())
                : grant(request, Mono.defer(exchange::getFormData))
                        .flatMap(granted -> proof(exchange, request, granted)
                                .flatMap(
                                        proof -> issue(new ExchangeIssueRequest(exchange, true, proof), () -> granted)))
                        .onErrorResume(fault -> read(exchange).flatMap(read -> issue(read, failing(fault))));
    }

    /** Never empty, and never fails. */
    Mono<Optional<Ticket>> issueForPage(ServerWebExchange exchange) {
        var request = new ExchangeIssueRequest(exchange);
        // The page's own handler may have read the body in another way.
        return grant(request, Mono.empty())
                .flatMap(granted -> Stages.mono(() -> issuer.issueForPage(request, () -> granted)))
                .onErrorResume(fault ->
                        read(exchange).flatMap(read -> Stages.mono(() -> issuer.issueForPage(read, failing(fault)))));
    }

    private Mono<IssueAnswer> issue(ExchangeIssueRequest request, Supplier<Optional<TicketGrant>> user) {
        return Stages.mono(() -> issuer.issue(request, user));
    }

    /** What the application grants the user, if the request can be read as far as it is known, and fails with what was to be read before. */
    private Mono<Optional<TicketGrant>> grant(ExchangeIssueRequest request, Mono<?> before) {
        ServerWebExchange exchange = request.exchange();
        return request.isReadable()
                ? exchange.getPrincipal()
                        .<TicketGrant>flatMap(user -> before.then(Mono.defer(() -> grants.grant(user, exchange))))
                        .singleOptional()
                : Mono.just(Optional.empty());
    }

    /** After a fault: whether it was that of a body that does not parse, of which the exchange keeps what came. */
    private static Mono<ExchangeIssueRequest> read(ServerWebExchange exchange) {
        return Mono.defer(exchange::getFormData)
                .then(Mono.defer(exchange::getMultipartData))
                .thenReturn(true)
                .onErrorReturn(false)
                .map(readable -> new ExchangeIssueRequest(exchange, readable, false));
    }

    private Mono<Boolean> proof(
            ServerWebExchange exchange, ExchangeIssueRequest request, Optional<TicketGrant> granted) {
        return granted.isPresent() && issuer.needsCsrfProof(request)
                ? CsrfTokens.isCarriedBy(exchange)
                : Mono.just(false);
    }

    /** The issuer says what a fault of the application is answered with. */
    private static Supplier<Optional<TicketGrant>> failing(Throwable fault) {
        return () -> {
            throw Exceptions.propagate(fault);
        };
    }
}
