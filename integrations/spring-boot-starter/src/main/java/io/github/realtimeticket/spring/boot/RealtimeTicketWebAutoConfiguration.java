// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.spring.boot.RealtimeTicketProperties.LimitProperties;
import io.github.realtimeticket.spring.login.LoginGrants;
import io.github.realtimeticket.spring.web.ClientScriptHandlers;
import io.github.realtimeticket.spring.web.ClientScripts;
import io.github.realtimeticket.spring.web.RealtimeTicketInterceptor;
import io.github.realtimeticket.spring.web.TicketEndpoint;
import io.github.realtimeticket.spring.web.TicketEndpointPath;
import io.github.realtimeticket.spring.web.TicketGrants;
import io.github.realtimeticket.spring.web.UnreadableRequests;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/** Issuing in a web application: the issuer, its path and the browser client; and what of the rest is for a servlet application. */
@AutoConfiguration(after = {RealtimeTicketAutoConfiguration.class, RealtimeTicketSecurityAutoConfiguration.class})
@ConditionalOnWebApplication
public final class RealtimeTicketWebAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(RealtimeTicketWebAutoConfiguration.class);

    /** Where Spring MVC is, below the context path. */
    static final String MVC = "${spring.mvc.servlet.path:/}";

    RealtimeTicketWebAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    Issuer realtimeTicketIssuer(Tickets tickets, RealtimeTicketProperties properties) {
        Issuer.Builder issuer = Issuer.builder(tickets);
        WrongProperty.naming("origin", properties.origin(), issuer::origin);
        WrongProperty.naming("allowed-origins", properties.allowedOrigins(), issuer::allowedOrigins);
        LimitProperties limit = properties.limit();
        WrongProperty.naming("limit.burst", limit.burst(), burst -> issuer.limit(burst, 1));
        WrongProperty.naming(
                "limit.per-second", limit.perSecond(), perSecond -> issuer.limit(limit.burst(), perSecond));
        return (limit.enabled() ? issuer : issuer.unlimited()).build();
    }

    @Bean
    @ConditionalOnMissingBean
    TicketEndpointPath realtimeTicketEndpointPath(RealtimeTicketProperties properties) {
        return WrongProperty.naming("path", properties.path(), TicketEndpointPath::new);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBooleanProperty(name = "realtime-ticket.client.enabled", matchIfMissing = true)
    ClientScripts realtimeTicketClient() {
        return new ClientScripts();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnClass(WebMvcConfigurer.class)
    static class Mvc {

        @Bean
        @ConditionalOnMissingBean
        EffectiveGrants<TicketGrants> realtimeTicketRequestGrants(
                RealtimeTicketProperties properties,
                ObjectProvider<TicketGrants> grants,
                ObjectProvider<Revocations> revocations) {
            return new EffectiveGrants<>(LoginGrants.bound(
                    grants.getIfAvailable(TicketGrants::byName),
                    revocations.getIfAvailable() != null,
                    properties.connection().endsWithToken()));
        }

        @Bean
        @ConditionalOnMissingBean
        TicketEndpointPath realtimeTicketEndpointPath(RealtimeTicketProperties properties, @Value(MVC) String mvc) {
            TicketEndpointPath plain = WrongProperty.naming("path", properties.path(), TicketEndpointPath::new);
            String below = StringUtils.trimTrailingCharacter(mvc, '/');
            try {
                boolean isBelow =
                        plain.path().startsWith(below + "/") && !plain.path().equals(below + "/");
                return isBelow ? plain : new TicketEndpointPath(below + plain.path());
            } catch (IllegalArgumentException e) {
                LOG.warn(
                        "No ticket is issued at {}: spring.mvc.servlet.path can be spelled in several ways",
                        plain.path());
                return plain;
            }
        }

        @Bean
        @ConditionalOnMissingBean(name = "realtimeTicketEndpoint")
        RouterFunction<ServerResponse> realtimeTicketEndpoint(
                TicketEndpointPath path, Issuer issuer, EffectiveGrants<TicketGrants> grants) {
            return TicketEndpoint.at(path, issuer, grants.grants());
        }

        @Bean
        @ConditionalOnMissingBean
        UnreadableRequests realtimeTicketUnreadableRequests(TicketEndpointPath path, Issuer issuer) {
            return new UnreadableRequests(path, issuer);
        }

        @Bean
        @ConditionalOnMissingBean
        RealtimeTicketInterceptor realtimeTicketInterceptor(Issuer issuer, EffectiveGrants<TicketGrants> grants) {
            return new RealtimeTicketInterceptor(issuer, grants.grants());
        }

        @Bean
        @ConditionalOnBooleanProperty(name = "realtime-ticket.client.enabled", matchIfMissing = true)
        ClientScriptHandlers realtimeTicketClientHandlers(ClientScripts scripts) {
            return new ClientScriptHandlers(scripts);
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
