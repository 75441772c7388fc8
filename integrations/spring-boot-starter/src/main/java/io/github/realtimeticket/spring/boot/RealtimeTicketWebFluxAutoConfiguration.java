// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.spring.login.ReactiveLoginGrants;
import io.github.realtimeticket.spring.web.ClientScripts;
import io.github.realtimeticket.spring.web.TicketEndpointPath;
import io.github.realtimeticket.spring.webflux.ClientScriptHandlers;
import io.github.realtimeticket.spring.webflux.HandshakeThread;
import io.github.realtimeticket.spring.webflux.LiveWebSockets;
import io.github.realtimeticket.spring.webflux.ReactiveTicketGrants;
import io.github.realtimeticket.spring.webflux.RealtimeTicketResultHandler;
import io.github.realtimeticket.spring.webflux.TicketEndpoint;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolutionResultHandler;

/** Issuing in a reactive application: the endpoint, the model attribute of Spring WebFlux's views, and the browser client. */
@AutoConfiguration(
        after = {RealtimeTicketWebAutoConfiguration.class, RealtimeTicketWebFluxSecurityAutoConfiguration.class},
        afterName = RealtimeTicketWebFluxAutoConfiguration.OF_BOOT_4)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(value = WebFluxConfigurer.class, name = RealtimeTicketWebFluxAutoConfiguration.OF_BOOT_4)
public final class RealtimeTicketWebFluxAutoConfiguration {

    /** Boot 3.5 has another Spring Framework, with which this does not work. */
    static final String OF_BOOT_4 = "org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration";

    RealtimeTicketWebFluxAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    EffectiveGrants<ReactiveTicketGrants> realtimeTicketExchangeGrants(
            RealtimeTicketProperties properties,
            ObjectProvider<ReactiveTicketGrants> grants,
            ObjectProvider<Revocations> revocations) {
        return new EffectiveGrants<>(ReactiveLoginGrants.bound(
                grants.getIfAvailable(ReactiveTicketGrants::byName),
                revocations.getIfAvailable() != null,
                properties.connection().endsWithToken()));
    }

    @Bean
    @ConditionalOnMissingBean
    static LiveWebSockets realtimeTicketLiveWebSockets() {
        return new LiveWebSockets();
    }

    @Bean
    @ConditionalOnMissingBean(name = "realtimeTicketEndpoint")
    RouterFunction<ServerResponse> realtimeTicketEndpoint(
            TicketEndpointPath path, Issuer issuer, EffectiveGrants<ReactiveTicketGrants> grants) {
        return TicketEndpoint.at(path, issuer, grants.grants());
    }

    @Bean
    @ConditionalOnMissingBean
    RealtimeTicketResultHandler realtimeTicketResultHandler(
            Issuer issuer,
            EffectiveGrants<ReactiveTicketGrants> grants,
            ViewResolutionResultHandler views,
            @Qualifier("webFluxAdapterRegistry") ReactiveAdapterRegistry adapters) {
        return new RealtimeTicketResultHandler(issuer, grants.grants(), views, adapters);
    }

    @Bean
    @ConditionalOnMissingBean
    HandshakeThread realtimeTicketHandshakeThread() {
        return new HandshakeThread();
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "realtime-ticket.client.enabled", matchIfMissing = true)
    ClientScriptHandlers realtimeTicketClientHandlers(ClientScripts scripts) {
        return new ClientScriptHandlers(scripts);
    }
}
