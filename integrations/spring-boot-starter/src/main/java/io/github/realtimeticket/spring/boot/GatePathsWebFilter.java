// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.spring.webflux.ExchangeAnswer;
import io.github.realtimeticket.spring.webflux.ExchangeGate;
import org.springframework.core.Ordered;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * As {@link GatePathsFilter}, in a reactive application. Thread-safe.
 *
 * @param paths those of tickets
 * @param refusal what is said to whoever has not been admitted
 */
record GatePathsWebFilter(ServerWebExchangeMatcher paths, GatePathsRefusal refusal) implements WebFilter, Ordered {

    /** That of the filter that {@code @EnableWebFluxSecurity} makes, which has no other. */
    private static final int SPRING_SECURITY = -100;

    @Override
    public int getOrder() {
        return SPRING_SECURITY + 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return paths.matches(exchange)
                .flatMap(path -> !path.isMatch()
                                || ExchangeGate.admitted(exchange).isPresent()
                        ? chain.filter(exchange)
                        : ExchangeAnswer.write(
                                exchange,
                                refusal.of(exchange.getRequest().getPath().value())));
    }
}
