// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.spring.login.DeletedSessions;
import io.github.realtimeticket.spring.login.ExpiredSessions;
import io.github.realtimeticket.spring.login.LoginWebFilter;
import io.github.realtimeticket.spring.login.Revoker;
import io.github.realtimeticket.spring.login.StoredSessionEnds;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.session.ReactiveSessionRegistry;
import org.springframework.session.ReactiveSessionRepository;
import org.springframework.session.events.SessionDestroyedEvent;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.server.session.DefaultWebSessionManager;
import org.springframework.web.server.session.WebSessionManager;

/** In a reactive application, too, a login that ends takes along what its tickets have opened, where there is somebody to revoke it. */
@AutoConfiguration(after = RealtimeTicketAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(value = WebFluxConfigurer.class, name = RealtimeTicketWebFluxAutoConfiguration.OF_BOOT_4)
@ConditionalOnBean(Revocations.class)
public final class RealtimeTicketWebFluxLoginAutoConfiguration {

    RealtimeTicketWebFluxLoginAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    Revoker realtimeTicketRevoker(Revocations revocations) {
        return new Revoker(revocations);
    }

    // Before all that read a user.
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE + 60)
    @ConditionalOnMissingBean
    LoginWebFilter realtimeTicketLoginFilter(
            Revocations revocations, Revoker revoker, ObjectProvider<WebSessionManager> sessions) {
        return new LoginWebFilter(revocations, revoker, sessions.getIfAvailable(DefaultWebSessionManager::new));
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SessionDestroyedEvent.class)
    static class SpringSession {

        @Bean
        @ConditionalOnMissingBean
        StoredSessionEnds realtimeTicketSessionEnds(Revoker revoker) {
            return new StoredSessionEnds(revoker);
        }

        @Bean
        static DeletedSessions realtimeTicketDeletedSessions(ObjectProvider<Revoker> revoker) {
            return new DeletedSessions(revoker::getObject);
        }

        @Bean
        SilentSessions realtimeTicketSilentSessions(
                ObjectProvider<ReactiveSessionRepository<?>> repositories, RealtimeTicketProperties properties) {
            return new SilentSessions(repositories, properties);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ReactiveSessionRegistry.class)
    static class Security {

        @Bean
        static ExpiredSessions realtimeTicketExpiredSessions(ObjectProvider<Revoker> revoker) {
            return new ExpiredSessions(revoker::getObject);
        }
    }
}
