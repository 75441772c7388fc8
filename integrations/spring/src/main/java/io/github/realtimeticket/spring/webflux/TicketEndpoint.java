// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.spring.web.TicketCors;
import io.github.realtimeticket.spring.web.TicketEndpointPath;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsConfigurationSource;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Answers {@code POST} with a ticket for the logged-in user: {@code {"status":"ok","message":TICKET,"expires_in":10}}. A handler of
 * Spring WebFlux like any other, behind the application's filters and firewall; what one of them refuses keeps its answer.
 *
 * <p>Thread-safe, and never blocks.
 *
 * <p><b>Security:</b> the {@link Issuer} decides where a request may come from.
 */
public final class TicketEndpoint implements HandlerFunction<ServerResponse>, CorsConfigurationSource {

    private final Issuer issuer;
    private final ExchangeIssuer tickets;

    private TicketEndpoint(Issuer issuer, ReactiveTicketGrants grants) {
        this.issuer = issuer;
        tickets = new ExchangeIssuer(issuer, grants);
    }

    /** The endpoint at this path, of any method, for what the application grants its users. */
    public static RouterFunction<ServerResponse> at(
            TicketEndpointPath path, Issuer issuer, ReactiveTicketGrants grants) {
        return RouterFunctions.route(
                request -> isFor(path, request.exchange().getRequest()), new TicketEndpoint(issuer, grants));
    }

    /** Whether the request is for this path, letter by letter. */
    static boolean isFor(TicketEndpointPath path, ServerHttpRequest request) {
        return request.getPath().pathWithinApplication().value().equals(path.path());
    }

    @Override
    public Mono<ServerResponse> handle(ServerRequest request) {
        return tickets.issue(request.exchange()).flatMap(answer -> ServerResponse.ok()
                .build((exchange, unused) -> ExchangeAnswer.write(exchange, answer)));
    }

    /** For a preflight alone: where any other request may come from, the issuer decides. */
    @Override
    public @Nullable CorsConfiguration getCorsConfiguration(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        return CorsUtils.isPreFlightRequest(request)
                ? TicketCors.of(issuer, request.getHeaders().getFirst(HttpHeaders.ORIGIN))
                : null;
    }
}
