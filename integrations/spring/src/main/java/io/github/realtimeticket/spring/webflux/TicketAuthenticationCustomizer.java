// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.spring.security.TicketAuthenticationConverter;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.savedrequest.NoOpServerRequestCache;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Makes a security filter chain one that a ticket opens, and nothing else:
 *
 * <pre>{@code
 * @Bean
 * @Order(1)
 * SecurityWebFilterChain realtime(ServerHttpSecurity http, Gate gate) {
 *     ticketAuthentication(gate).customize(http);
 *     return http.securityMatcher(pathMatchers("/realtime/**"))
 *             .authorizeExchange(exchanges -> exchanges.anyExchange().authenticated())
 *             .build();
 * }
 * }</pre>
 *
 * <p>WebSocket handshakes, event streams and plain requests of the chain see the holder as their principal, in a
 * {@link io.github.realtimeticket.spring.security.TicketAuthentication}. Without a good ticket they are refused (T11), whoever the
 * session's user may be. The session is neither read, nor written, nor begun, and CSRF protection is off, because no cookie opens these
 * paths. A CORS preflight uses up no ticket; {@code http.cors(…)} answers it. Nor does a plain request to a WebSocket handler (T20).
 */
public final class TicketAuthenticationCustomizer implements Customizer<ServerHttpSecurity> {

    private static final System.Logger LOG = System.getLogger(TicketAuthenticationCustomizer.class.getName());

    /** What has a gate already; it tells nobody itself. */
    private static final Set<ServerHttpSecurity> MADE =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private final ExchangeGate gate;
    private ReactiveTicketAuthenticationConverter converter =
            ReactiveTicketAuthenticationConverter.of(TicketAuthenticationConverter.toHolder());

    private TicketAuthenticationCustomizer(Gate gate) {
        this.gate = new ExchangeGate(gate);
    }

    /** For a chain that this gate admits to. */
    public static TicketAuthenticationCustomizer ticketAuthentication(Gate gate) {
        return new TicketAuthenticationCustomizer(gate);
    }

    /** What makes a user of a ticket's holder; the holder itself, without authorities, unless told otherwise. */
    @CanIgnoreReturnValue
    public TicketAuthenticationCustomizer converter(ReactiveTicketAuthenticationConverter converter) {
        this.converter = Objects.requireNonNull(converter, "converter");
        return this;
    }

    /** Whether a chain lets a request through by ticket only. */
    public static boolean isOpenedByTicketOnly(SecurityWebFilterChain chain) {
        return Boolean.TRUE.equals(
                chain.getWebFilters().any(Filter.class::isInstance).block());
    }

    /**
     * Makes it of this chain.
     *
     * @throws IllegalStateException if the chain has been made one already, which no request would get through
     */
    @Override
    public void customize(ServerHttpSecurity http) {
        if (!MADE.add(http)) {
            throw new IllegalStateException(
                    "ticketAuthentication(…) is there twice in one security filter chain: two gates are two chains, each with a"
                            + " securityMatcher of its own");
        }
        http.csrf(ServerHttpSecurity.CsrfSpec::disable)
                .logout(ServerHttpSecurity.LogoutSpec::disable)
                .requestCache(cache -> cache.requestCache(NoOpServerRequestCache.getInstance()))
                .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                // Behind every other way to log in, so that it replaces whatever these have made of other credentials.
                .addFilterBefore(
                        new Filter(gate, converter), SecurityWebFiltersOrder.SECURITY_CONTEXT_SERVER_WEB_EXCHANGE);
    }

    private record Filter(ExchangeGate gate, ReactiveTicketAuthenticationConverter converter) implements WebFilter {

        @Override
        public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
            return WebSocketHandlers.willAnswer(exchange)
                    .flatMap(handshake -> handshake ? gate.admitHandshake(exchange) : gate.admit(exchange))
                    .flatMap(admission -> admission.fold(
                            admitted -> enter(exchange, admitted, chain),
                            refused -> ExchangeAnswer.write(exchange, refused.reason())));
        }

        private Mono<Void> enter(ServerWebExchange exchange, Admission.Admitted admitted, WebFilterChain chain) {
            // A fault that got out would be logged with the query, and the ticket in it.
            Mono<Authentication> user = Mono.<Authentication>defer(() -> converter.convert(admitted))
                    .switchIfEmpty(Mono.error(() -> new IllegalStateException("The converter made no user")))
                    .doOnError(fault -> LOG.log(Level.ERROR, "No user was made of " + admitted, fault));
            return user.map(Optional::of).onErrorReturn(Optional.empty()).flatMap(made -> made.map(
                            known -> LiveExchange.register(
                                            admitted, OfferedSubprotocols.without(exchange, admitted), chain::filter)
                                    .contextWrite(ReactiveSecurityContextHolder.withAuthentication(known)))
                    .orElseGet(() -> ExchangeAnswer.write(exchange, Refusal.FAILED)));
        }
    }
}
