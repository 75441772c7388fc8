// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.spring.graphql.TicketGraphQlInterceptor;
import io.github.realtimeticket.spring.graphql.TicketWebMvcHandler;
import io.github.realtimeticket.spring.login.LoginGrants;
import io.github.realtimeticket.spring.messaging.TicketStompConfigurer;
import io.github.realtimeticket.spring.security.AuthenticationGrants;
import io.github.realtimeticket.spring.security.TicketAuthenticationConverter;
import io.github.realtimeticket.spring.security.TicketEndpointSecurity;
import io.github.realtimeticket.spring.web.ServletGate;
import io.github.realtimeticket.spring.web.TicketEndpointPath;
import io.github.realtimeticket.spring.web.TicketGrants;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.graphql.server.WebGraphQlHandler;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationManagerFactory;
import org.springframework.security.authorization.DefaultAuthorizationManagerFactory;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.util.StringUtils;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What tickets users get, what they may do by ticket, and the paths that a ticket opens, with Spring Security. */
@AutoConfiguration(
        after = RealtimeTicketAutoConfiguration.class,
        // Behind Boot's own chain, which gives way to every other one that it finds, and is to stay for all other
        // paths.
        afterName = {
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(HttpSecurity.class)
public final class RealtimeTicketSecurityAutoConfiguration {

    RealtimeTicketSecurityAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    EffectiveGrants<TicketGrants> realtimeTicketRequestGrants(
            RealtimeTicketProperties properties,
            ObjectProvider<TicketGrants> grants,
            ObjectProvider<LoggedIn> loggedIn,
            ObjectProvider<Revocations> revocations) {
        return new EffectiveGrants<>(AuthenticationGrants.secured(
                LoginGrants.bound(
                        grants.getIfAvailable(AuthenticationGrants::standard),
                        revocations.getIfAvailable() != null,
                        properties.connection().endsWithToken()),
                loggedIn.getIfAvailable(LoggedIn::standard).predicate(),
                properties.authorities()));
    }

    @Bean
    @ConditionalOnMissingBean
    TicketAuthenticationConverter realtimeTicketAuthenticationConverter(RealtimeTicketProperties properties) {
        return properties.gate().trustAuthorities()
                ? TicketAuthenticationConverter.toHolderWithAuthorities()
                : TicketAuthenticationConverter.toHolder();
    }

    @Bean
    @ConditionalOnMissingBean(name = "realtimeTicketEndpointSecurity")
    Customizer<HttpSecurity> realtimeTicketEndpointSecurity(Issuer issuer, TicketEndpointPath path) {
        return TicketEndpointSecurity.customizer(issuer, path);
    }

    @Bean
    GatePathsCheck realtimeTicketGatePathsCheck(
            ObjectProvider<FilterChainProxy> chains,
            RealtimeTicketProperties properties,
            @Qualifier("realtimeTicketSecurityFilterChain") ObjectProvider<SecurityFilterChain> own) {
        return new GatePathsCheck(chains, properties.gate().paths(), own);
    }

    /** Who counts as logged in. */
    record LoggedIn(BiPredicate<Authentication, HttpServletRequest> predicate) {

        /** Whoever has an authentication that is not anonymous, in Spring Security's own words. */
        static LoggedIn standard() {
            var trust = new AuthenticationTrustResolverImpl();
            return new LoggedIn((user, request) -> trust.isAuthenticated(user));
        }
    }

    /** Where the application's own rules say more, such as which factors a login has (Spring Security 7). */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(AuthorizationManagerFactory.class)
    static class Factors {

        // The same two look-ups as authorizeHttpRequests makes.
        @Bean
        LoggedIn realtimeTicketLoggedIn(
                ObjectProvider<AuthorizationManagerFactory<RequestAuthorizationContext>> ofRequests,
                ObjectProvider<AuthorizationManagerFactory<Object>> ofAnything) {
            AuthorizationManagerFactory<? super RequestAuthorizationContext> rules = ofRequests.getIfAvailable();
            if (rules == null) {
                rules = ofAnything.getIfAvailable(DefaultAuthorizationManagerFactory::new);
            }
            AuthorizationManager<? super RequestAuthorizationContext> authenticated = rules.authenticated();
            return new LoggedIn((user, request) -> {
                var result = authenticated.authorize(() -> user, new RequestAuthorizationContext(request));
                return result != null && result.isGranted();
            });
        }
    }

    /** The chain of the paths that a ticket opens, before the application's own. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(OnGatePaths.class)
    static class GatePaths {

        private final RequestMatcher paths;

        /**
         * The patterns as Spring Security takes them, which is below Spring MVC's own path, and below the context path, where other servlets
         * are. Where the application's mappings do not tell upper from lower case, neither may this.
         */
        GatePaths(
                RealtimeTicketProperties properties,
                ObjectProvider<PathPatternRequestMatcher.Builder> builder,
                @Value(RealtimeTicketWebAutoConfiguration.MVC) String mvc) {
            var parser = new PathPatternParser();
            parser.setCaseSensitive(false);
            PathPatternRequestMatcher.Builder anyCase = PathPatternRequestMatcher.withPathPatternParser(parser);
            PathPatternRequestMatcher.Builder known = builder.getIfUnique(() -> anyCase);
            String below = StringUtils.trimTrailingCharacter(mvc, '/');
            paths = new OrRequestMatcher(properties.gatePaths().stream()
                    .flatMap(Open::spellings)
                    .<RequestMatcher>flatMap(path ->
                            Stream.of(anyCase.matcher(path), anyCase.matcher(below + path), known.matcher(path)))
                    .distinct()
                    .toList());
        }

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE + 10)
        SecurityFilterChain realtimeTicketSecurityFilterChain(HttpSecurity http, Gate gate) throws Exception {
            return http.securityMatcher(paths)
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .cors(Customizer.withDefaults())
                    .with(ticketAuthentication(), tickets -> tickets.gate(gate))
                    .build();
        }

        @Bean
        FilterRegistrationBean<GatePathsFilter> realtimeTicketGatePathsFilter(
                Gate gate, @Value("${spring.security.filter.order:-100}") int springSecurity) {
            var filter = new FilterRegistrationBean<>(
                    new GatePathsFilter(paths, new ServletGate(gate), new GatePathsRefusal(gate)));
            // Not that of an error: its page opens no connection.
            filter.setDispatcherTypes(EnumSet.complementOf(EnumSet.of(DispatcherType.ERROR)));
            filter.setOrder(springSecurity + 1);
            return filter;
        }
    }

    /** The user of a STOMP session, and the chain of STOMP's endpoints, which everybody may open to show a ticket. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({WebSocketMessageBrokerConfigurer.class, ChannelInterceptor.class})
    @ConditionalOnBooleanProperty(RealtimeTicketWebSocketAutoConfiguration.STOMP)
    static class Stomp {

        @Bean
        @ConditionalOnMissingBean
        TicketStompConfigurer realtimeTicketStompConfigurer(
                ObjectProvider<Gate> gate, ObjectProvider<TicketAuthenticationConverter> users) {
            return TicketStompConfigurer.lazily(gate::getObject)
                    .withUsers(admitted -> users.getObject().convert(admitted));
        }

        // No session is read, so that all requests of a SockJS session are nobody's, with cookies or without: Spring
        // refuses one that is another user's than the first.
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE + 11)
        SecurityFilterChain realtimeTicketStompSecurityFilterChain(HttpSecurity http, ApplicationContext beans)
                throws Exception {
            return new TicketEndpoints(beans, TicketStompConfigurer::isOpenedByTicketOnly)
                    .open(http)
                    // SockJS says itself who may frame its iframe.
                    .headers(headers -> headers.frameOptions(HeadersConfigurer.FrameOptionsConfig::disable))
                    .build();
        }

        /** A ticket is proof enough of the page: no CSRF token is asked for in {@code CONNECT} too. */
        @Bean
        @ConditionalOnClass(name = "org.springframework.security.messaging.web.csrf.XorCsrfChannelInterceptor")
        @ConditionalOnMissingBean(name = "csrfChannelInterceptor")
        ChannelInterceptor csrfChannelInterceptor() {
            return new ChannelInterceptor() {};
        }
    }

    /** The user of a GraphQL session over a WebSocket, and the chain of its endpoint, which everybody may open to show a ticket. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({WebGraphQlHandler.class, WebSocketHandler.class})
    @ConditionalOnBooleanProperty(RealtimeTicketGraphQlAutoConfiguration.GRAPHQL)
    static class GraphQl {

        @Bean
        @ConditionalOnMissingBean
        TicketGraphQlInterceptor realtimeTicketGraphQlInterceptor(Gate gate, TicketAuthenticationConverter users) {
            // Who the user is may be asked of a database, for which no thread of Reactor's may wait.
            return new TicketGraphQlInterceptor(gate)
                    .withUsers(admitted ->
                            Mono.fromSupplier(() -> users.convert(admitted)).subscribeOn(Schedulers.boundedElastic()));
        }

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE + 12)
        SecurityFilterChain realtimeTicketGraphQlSecurityFilterChain(HttpSecurity http, ApplicationContext beans)
                throws Exception {
            return new TicketEndpoints(beans, TicketWebMvcHandler::isOpenedByTicketOnly)
                    .open(http)
                    .build();
        }
    }
}
