// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.spring.login.DeletedSessions;
import io.github.realtimeticket.spring.login.ExpiredSessions;
import io.github.realtimeticket.spring.login.LoginStart;
import io.github.realtimeticket.spring.login.LoginWebFilter;
import io.github.realtimeticket.spring.login.Revoker;
import io.github.realtimeticket.spring.login.SessionEnds;
import io.github.realtimeticket.spring.login.StoredSessionEnds;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.session.ReactiveSessionRegistry;
import org.springframework.session.ReactiveSessionRepository;
import org.springframework.session.SessionRepository;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.server.session.DefaultWebSessionManager;
import org.springframework.web.server.session.WebSessionManager;

/** A login that ends takes along what its tickets have opened, where there is somebody to revoke it. */
@AutoConfiguration(after = RealtimeTicketAutoConfiguration.class)
@Conditional(RealtimeTicketLoginAutoConfiguration.OnServletsOrWebFlux.class)
@ConditionalOnBean(Revocations.class)
public final class RealtimeTicketLoginAutoConfiguration {

    /** The order of Spring Session's filter unless told otherwise. */
    private static final int SPRING_SESSION = Integer.MIN_VALUE + 50;

    RealtimeTicketLoginAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    Revoker realtimeTicketRevoker(Revocations revocations) {
        return new Revoker(revocations);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ReactiveSessionRegistry.class)
    static class Security {

        @Bean
        static ExpiredSessions realtimeTicketExpiredSessions(ObjectProvider<Revoker> revoker) {
            return new ExpiredSessions(revoker::getObject);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SessionRepository.class)
    static class SpringSession {

        @Bean
        static DeletedSessions realtimeTicketDeletedSessions(ObjectProvider<Revoker> revoker) {
            return new DeletedSessions(revoker::getObject);
        }

        @Bean
        SilentSessions realtimeTicketSilentSessions(
                RealtimeTicketProperties properties,
                ObjectProvider<SessionRepository<?>> repositories,
                ObjectProvider<ReactiveSessionRepository<?>> reactiveRepositories) {
            return new SilentSessions(properties, List.of(repositories, reactiveRepositories));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class Servlets {

        @Bean
        @ConditionalOnMissingBean
        SessionEnds realtimeTicketSessionEnds(Revoker revoker) {
            return new SessionEnds(revoker);
        }

        // Behind Spring Session's filter, and before all that read a user.
        @Bean
        @ConditionalOnMissingBean(name = "realtimeTicketLoginStart")
        FilterRegistrationBean<LoginStart> realtimeTicketLoginStart(
                Revocations revocations,
                SessionEnds sessions,
                @Value("${spring.session.servlet.filter-order:" + SPRING_SESSION + "}") int springSession,
                @Value("${spring.security.filter.order:-100}") int springSecurity) {
            var filter = new FilterRegistrationBean<>(new LoginStart(revocations, sessions));
            filter.setOrder(Math.max(springSession + 1, Math.min(springSession + 10, springSecurity - 1)));
            return filter;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    static class WebFlux {

        // Before all that read a user.
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE + 60)
        @ConditionalOnMissingBean
        LoginWebFilter realtimeTicketLoginFilter(
                Revocations revocations, Revoker revoker, ObjectProvider<WebSessionManager> sessions) {
            return new LoginWebFilter(revocations, revoker, sessions.getIfAvailable(DefaultWebSessionManager::new));
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnClass(SessionRepository.class)
        static class StoredSessions {

            @Bean
            @ConditionalOnMissingBean
            StoredSessionEnds realtimeTicketSessionEnds(Revoker revoker) {
                return new StoredSessionEnds(revoker);
            }
        }
    }

    /** Whether tickets can be issued here: in a reactive application with Spring Boot 4 only. */
    static final class OnServletsOrWebFlux extends AnyNestedCondition {

        OnServletsOrWebFlux() {
            super(ConfigurationPhase.PARSE_CONFIGURATION);
        }

        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
        static class OnServlets {}

        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
        @ConditionalOnClass(value = WebFluxConfigurer.class, name = RealtimeTicketWebFluxAutoConfiguration.OF_BOOT_4)
        static class OnWebFlux {}
    }
}
