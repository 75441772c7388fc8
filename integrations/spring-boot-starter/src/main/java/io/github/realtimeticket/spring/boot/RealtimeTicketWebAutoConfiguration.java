// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.spring.web.ClientScripts;
import io.github.realtimeticket.spring.web.RealtimeTicketInterceptor;
import io.github.realtimeticket.spring.web.TicketEndpoint;
import io.github.realtimeticket.spring.web.TicketEndpointGuard;
import io.github.realtimeticket.spring.web.TicketEndpointSettings;
import io.github.realtimeticket.spring.web.TicketHolderMapper;
import io.github.realtimeticket.spring.web.TicketIssuer;
import jakarta.servlet.DispatcherType;
import java.util.Set;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Issuing in a servlet application: the endpoint, the model attribute of Spring MVC's views, and the browser client. */
@AutoConfiguration(after = {RealtimeTicketAutoConfiguration.class, RealtimeTicketSecurityAutoConfiguration.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(FilterRegistrationBean.class)
public final class RealtimeTicketWebAutoConfiguration {

    /** Just before Spring Security's, which Boot puts at -100. */
    static final int BEFORE_SECURITY = -110;

    RealtimeTicketWebAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    TicketHolderMapper realtimeTicketHolderMapper() {
        return TicketHolderMapper.byName();
    }

    @Bean
    @ConditionalOnMissingBean
    TicketIssuer realtimeTicketIssuer(Tickets tickets, TicketHolderMapper holders) {
        return new TicketIssuer(tickets, holders);
    }

    @Bean
    @ConditionalOnMissingBean
    TicketEndpointSettings realtimeTicketEndpointSettings(RealtimeTicketProperties properties) {
        return new TicketEndpointSettings(
                properties.path(),
                properties.origin(),
                Set.copyOf(properties.allowedOrigins()),
                properties.showDetails());
    }

    @Bean
    FilterRegistrationBean<TicketEndpointGuard> realtimeTicketEndpointGuard(
            TicketEndpointSettings settings, RealtimeTicketProperties properties) {
        var registration = new FilterRegistrationBean<>(new TicketEndpointGuard(settings));
        registration.addUrlPatterns(properties.paths());
        registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
        registration.setAsyncSupported(true);
        registration.setOrder(BEFORE_SECURITY);
        return registration;
    }

    @Bean
    ServletRegistrationBean<TicketEndpoint> realtimeTicketEndpoint(
            TicketIssuer issuer, TicketEndpointSettings settings, RealtimeTicketProperties properties) {
        var registration = new ServletRegistrationBean<>(new TicketEndpoint(issuer, settings), properties.paths());
        registration.setName("realtimeTicketEndpoint");
        registration.setAsyncSupported(true);
        return registration;
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebMvcConfigurer.class)
    static class Mvc {

        @Bean
        @ConditionalOnMissingBean
        RealtimeTicketInterceptor realtimeTicketInterceptor(TicketIssuer issuer, RealtimeTicketProperties properties) {
            return new RealtimeTicketInterceptor(issuer, properties.origin());
        }

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnBooleanProperty(name = "realtime-ticket.client.enabled", matchIfMissing = true)
        ClientScripts realtimeTicketClient() {
            return new ClientScripts();
        }

        @Bean
        WebMvcConfigurer realtimeTicketMvcConfigurer(RealtimeTicketInterceptor interceptor) {
            return new WebMvcConfigurer() {
                @Override
                public void addInterceptors(InterceptorRegistry registry) {
                    registry.addInterceptor(interceptor);
                }
            };
        }
    }
}
