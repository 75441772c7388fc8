// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.spring.webflux.TicketAuthenticationCustomizer.ticketAuthentication;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.spring.graphql.TicketGraphQlInterceptor;
import io.github.realtimeticket.spring.graphql.TicketWebFluxHandler;
import io.github.realtimeticket.spring.login.ReactiveLoginGrants;
import io.github.realtimeticket.spring.security.TicketAuthenticationConverter;
import io.github.realtimeticket.spring.web.TicketEndpointPath;
import io.github.realtimeticket.spring.webflux.ReactiveAuthenticationGrants;
import io.github.realtimeticket.spring.webflux.ReactiveTicketAuthenticationConverter;
import io.github.realtimeticket.spring.webflux.ReactiveTicketGrants;
import io.github.realtimeticket.spring.webflux.TicketEndpointSecurity;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.graphql.autoconfigure.GraphQlProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.graphql.server.WebGraphQlHandler;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.util.matcher.OrServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.PathPatternParserServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.web.cors.reactive.PreFlightRequestHandler;
import org.springframework.web.cors.reactive.PreFlightRequestWebFilter;
import org.springframework.web.reactive.socket.server.support.WebSocketUpgradeHandlerPredicate;
import org.springframework.web.util.pattern.PathPatternParser;

/** What tickets users get, what they may do by ticket, and the paths that a ticket opens, with Spring Security on WebFlux. */
@AutoConfiguration(
        after = RealtimeTicketAutoConfiguration.class,
        // Behind every chain of Boot's own, each of which gives way to any other that it finds.
        afterName = {
            // Which must not come after the next one, or Boot lets nobody log in; nothing of Boot's says so.
            "org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration",
            "org.springframework.boot.security.oauth2.client.autoconfigure.reactive.ReactiveOAuth2ClientWebSecurityAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.web.reactive.ReactiveOAuth2ResourceServerWebSecurityAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(value = ServerHttpSecurity.class, name = RealtimeTicketWebFluxAutoConfiguration.OF_BOOT_4)
public final class RealtimeTicketWebFluxSecurityAutoConfiguration {

    RealtimeTicketWebFluxSecurityAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    EffectiveGrants<ReactiveTicketGrants> realtimeTicketExchangeGrants(
            RealtimeTicketProperties properties,
            ObjectProvider<ReactiveTicketGrants> grants,
            ObjectProvider<Revocations> revocations) {
        return new EffectiveGrants<>(ReactiveAuthenticationGrants.secured(
                ReactiveLoginGrants.bound(
                        grants.getIfAvailable(ReactiveAuthenticationGrants::standard),
                        revocations.getIfAvailable() != null,
                        properties.connection().endsWithToken()),
                properties.authorities()));
    }

    @Bean
    @ConditionalOnMissingBean
    ReactiveTicketAuthenticationConverter realtimeTicketAuthenticationConverter(
            RealtimeTicketProperties properties, ObjectProvider<TicketAuthenticationConverter> converters) {
        return ReactiveTicketAuthenticationConverter.of(
                converters.getIfAvailable(() -> properties.gate().trustAuthorities()
                        ? TicketAuthenticationConverter.toHolderWithAuthorities()
                        : TicketAuthenticationConverter.toHolder()));
    }

    @Bean
    @ConditionalOnMissingBean(name = "realtimeTicketEndpointSecurity")
    Customizer<ServerHttpSecurity> realtimeTicketEndpointSecurity(Issuer issuer, TicketEndpointPath path) {
        return TicketEndpointSecurity.customizer(issuer, path);
    }

    /** Whether tickets have a security filter chain, for which Spring Security leaves out its own. */
    static final class OnTicketChain extends AnyNestedCondition {

        OnTicketChain() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @Conditional(OnGatePaths.class)
        static class OfPaths {}

        @ConditionalOnBooleanProperty(RealtimeTicketGraphQlAutoConfiguration.GRAPHQL)
        static class OfGraphQl {}
    }

    /**
     * The chain of all other paths where the application has none: that of Spring Security's own, which it leaves out as soon as there is
     * any other.
     */
    @Configuration(proxyBeanMethods = false)
    @Conditional(OnTicketChain.class)
    @Order(1)
    static class OtherPaths {

        @Bean
        @ConditionalOnMissingBean(SecurityWebFilterChain.class)
        SecurityWebFilterChain realtimeTicketOtherPathsFilterChain(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges.anyExchange().authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }
    }

    /** The chain of the paths that a ticket opens, before the application's own. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(OnGatePaths.class)
    @Order(2)
    static class GatePaths {

        private final ServerWebExchangeMatcher paths;

        GatePaths(RealtimeTicketProperties properties) {
            // Where the application's mappings do not tell upper from lower case, neither may this.
            var parser = new PathPatternParser();
            parser.setCaseSensitive(false);
            paths = new OrServerWebExchangeMatcher(properties.gatePaths().stream()
                    .flatMap(Open::spellings)
                    .<ServerWebExchangeMatcher>map(
                            path -> new PathPatternParserServerWebExchangeMatcher(parser.parse(path)))
                    .toList());
        }

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE + 10)
        SecurityWebFilterChain realtimeTicketSecurityFilterChain(
                ServerHttpSecurity http,
                Gate gate,
                ReactiveTicketAuthenticationConverter converter,
                ObjectProvider<PreFlightRequestHandler> preflights) {
            ticketAuthentication(gate).converter(converter).customize(http);
            return http.securityMatcher(paths)
                    .authorizeExchange(exchanges -> exchanges.anyExchange().authenticated())
                    .cors(Customizer.withDefaults())
                    // What no CORS settings of Spring Security's have answered, those of the handlers do.
                    .addFilterAfter(
                            new PreFlightRequestWebFilter(
                                    exchange -> preflights.getObject().handlePreFlight(exchange)),
                            SecurityWebFiltersOrder.CORS)
                    .build();
        }

        @Bean
        GatePathsWebFilter realtimeTicketGatePathsFilter(Gate gate) {
            return new GatePathsWebFilter(paths, new GatePathsRefusal(gate));
        }

        @Bean
        GatePathsWebCheck realtimeTicketGatePathsCheck(
                ObjectProvider<SecurityWebFilterChain> chains, RealtimeTicketProperties properties) {
            return new GatePathsWebCheck(chains, properties.gate().paths());
        }
    }

    /** The user of a GraphQL session over a WebSocket, and the chain of its endpoint, which everybody may open to show a ticket. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({WebGraphQlHandler.class, GraphQlProperties.class})
    @ConditionalOnBooleanProperty(RealtimeTicketGraphQlAutoConfiguration.GRAPHQL)
    @Order(3)
    static class GraphQl {

        @Bean
        @ConditionalOnMissingBean
        TicketGraphQlInterceptor realtimeTicketGraphQlInterceptor(
                Gate gate, ReactiveTicketAuthenticationConverter users) {
            return new TicketGraphQlInterceptor(gate).withUsers(users::convert);
        }

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE + 12)
        @ConditionalOnProperty(RealtimeTicketGraphQlAutoConfiguration.PATH)
        SecurityWebFilterChain realtimeTicketGraphQlSecurityFilterChain(
                ServerHttpSecurity http,
                ObjectProvider<TicketWebFluxHandler> endpoint,
                @Value("${" + RealtimeTicketGraphQlAutoConfiguration.PATH + "}") String path) {
            var paths = new PathPatternParserServerWebExchangeMatcher(path);
            var handshake = new WebSocketUpgradeHandlerPredicate();
            // As Boot's mapping finds the endpoint: whatever else is on this path keeps its own chain.
            return http.securityMatcher(exchange -> handshake.test(endpoint.getObject(), exchange)
                            ? paths.matches(exchange)
                            : ServerWebExchangeMatcher.MatchResult.notMatch())
                    .authorizeExchange(exchanges -> exchanges.anyExchange().permitAll())
                    .csrf(ServerHttpSecurity.CsrfSpec::disable)
                    .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                    .build();
        }
    }
}
