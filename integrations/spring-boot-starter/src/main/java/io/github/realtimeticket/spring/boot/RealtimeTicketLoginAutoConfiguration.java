// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.spring.login.DeletedSessions;
import io.github.realtimeticket.spring.login.ExpiredSessions;
import io.github.realtimeticket.spring.login.LoginStart;
import io.github.realtimeticket.spring.login.Revoker;
import io.github.realtimeticket.spring.login.SessionEnds;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.session.SessionRepository;

/** A login that ends takes along what its tickets have opened, where there is somebody to revoke it. */
@AutoConfiguration(after = RealtimeTicketAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
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

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HttpSecurity.class)
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
                ObjectProvider<SessionRepository<?>> repositories, RealtimeTicketProperties properties) {
            return new SilentSessions(repositories, properties);
        }
    }
}
