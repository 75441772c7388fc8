// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.spring.web.TicketEndpointPath;
import java.util.Optional;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.csrf.CsrfWebFilter;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher.MatchResult;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** What a security filter chain does on the path where tickets are issued. */
public final class TicketEndpointSecurity {

    private TicketEndpointSecurity() {}

    /**
     * For every security filter chain. After every way to log in and before the application's rules, a filter answers what is no request
     * of a logged-in user's own page: 401 and not a redirect to a login page, 405, 403 for another site's page, and the preflight of an
     * allowed page.
     *
     * <p><b>Security:</b> Spring's CSRF protection leaves the path to the {@link Issuer}, which compares the same token where a
     * browser's headers do not show that the request comes from an allowed page. A chain that says itself what its CSRF protection is for
     * ({@code requireCsrfProtectionMatcher}) has the path protected twice.
     */
    public static Customizer<ServerHttpSecurity> customizer(Issuer issuer, TicketEndpointPath path) {
        ServerWebExchangeMatcher elsewhere = exchange -> TicketEndpoint.isFor(path, exchange.getRequest())
                ? MatchResult.notMatch()
                : CsrfWebFilter.DEFAULT_CSRF_MATCHER.matches(exchange);
        return http -> http.csrf(csrf -> csrf.requireCsrfProtectionMatcher(elsewhere))
                .addFilterBefore(new Filter(issuer, path), SecurityWebFiltersOrder.AUTHORIZATION);
    }

    private record Filter(Issuer issuer, TicketEndpointPath path) implements WebFilter {

        @Override
        public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
            return TicketEndpoint.isFor(path, exchange.getRequest())
                    ? refusal(exchange)
                            .flatMap(refused -> refused.isPresent()
                                    ? ExchangeAnswer.write(exchange, refused.get())
                                    : chain.filter(exchange))
                    : chain.filter(exchange);
        }

        private Mono<Optional<IssueAnswer>> refusal(ServerWebExchange exchange) {
            var request = new ExchangeIssueRequest(exchange);
            return exchange.getPrincipal()
                    .map(ReactiveAuthenticationGrants::isLoggedIn)
                    .defaultIfEmpty(false)
                    .map(loggedIn -> issuer.refuse(request, loggedIn));
        }
    }
}
