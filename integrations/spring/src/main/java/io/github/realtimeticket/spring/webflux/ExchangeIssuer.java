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
                : grant(exchange)
                        .flatMap(granted -> proof(exchange, request, granted)
                                .flatMap(proof -> issue(new ExchangeIssueRequest(exchange, proof), () -> granted)))
                        .onErrorResume(fault -> issue(request, failing(fault)));
    }

    /** Never empty, and never fails. */
    Mono<Optional<Ticket>> issueForPage(ServerWebExchange exchange) {
        var request = new ExchangeIssueRequest(exchange);
        return grant(exchange)
                .flatMap(granted -> Stages.mono(() -> issuer.issueForPage(request, () -> granted)))
                .onErrorResume(fault -> Stages.mono(() -> issuer.issueForPage(request, failing(fault))));
    }

    private Mono<IssueAnswer> issue(ExchangeIssueRequest request, Supplier<Optional<TicketGrant>> user) {
        return Stages.mono(() -> issuer.issue(request, user));
    }

    private Mono<Optional<TicketGrant>> grant(ServerWebExchange exchange) {
        return exchange.getPrincipal()
                .<TicketGrant>flatMap(user -> grants.grant(user, exchange))
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty());
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
