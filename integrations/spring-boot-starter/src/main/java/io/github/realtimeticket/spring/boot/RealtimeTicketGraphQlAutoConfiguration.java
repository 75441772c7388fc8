// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.spring.graphql.TicketGraphQlInterceptor;
import io.github.realtimeticket.spring.graphql.TicketWebFluxHandler;
import io.github.realtimeticket.spring.graphql.TicketWebMvcHandler;
import java.time.Duration;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.graphql.autoconfigure.GraphQlAutoConfiguration;
import org.springframework.boot.graphql.autoconfigure.GraphQlCorsProperties;
import org.springframework.boot.graphql.autoconfigure.GraphQlProperties;
import org.springframework.boot.graphql.autoconfigure.reactive.GraphQlWebFluxAutoConfiguration;
import org.springframework.boot.graphql.autoconfigure.servlet.GraphQlWebMvcAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.graphql.ExecutionGraphQlService;
import org.springframework.graphql.server.WebGraphQlHandler;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.socket.WebSocketHandler;

/** The gate of GraphQL over WebSocket, on Spring MVC and on Spring WebFlux. */
@AutoConfiguration(
        after = {
            RealtimeTicketAutoConfiguration.class,
            RealtimeTicketSecurityAutoConfiguration.class,
            RealtimeTicketWebFluxSecurityAutoConfiguration.class,
            GraphQlAutoConfiguration.class
        },
        // Each has an endpoint of its own, which gives way.
        before = {GraphQlWebMvcAutoConfiguration.class, GraphQlWebFluxAutoConfiguration.class})
@ConditionalOnClass({WebGraphQlHandler.class, GraphQlProperties.class})
@ConditionalOnBooleanProperty(RealtimeTicketGraphQlAutoConfiguration.GRAPHQL)
@ConditionalOnProperty(RealtimeTicketGraphQlAutoConfiguration.PATH)
@ConditionalOnBean(ExecutionGraphQlService.class)
@EnableConfigurationProperties(GraphQlCorsProperties.class)
public final class RealtimeTicketGraphQlAutoConfiguration {

    static final String GRAPHQL = "realtime-ticket.gate.graphql";
    static final String PATH = "spring.graphql.websocket.path";

    /** A bean that is there only where everything is that a ticket opens. */
    static final String CHECK = "realtimeTicketGraphQlCheck";

    private static final String TIME_TO_INIT = "spring.graphql.websocket.connection-init-timeout";

    RealtimeTicketGraphQlAutoConfiguration() {}

    /** For applications without Spring Security. */
    @Bean
    @ConditionalOnMissingBean
    TicketGraphQlInterceptor realtimeTicketGraphQlInterceptor(Gate gate) {
        return new TicketGraphQlInterceptor(gate);
    }

    /** Boot's own default is a minute. */
    private static Duration timeToInit(Environment environment) {
        return Binder.get(environment).bind(TIME_TO_INIT, Duration.class).orElse(Duration.ofSeconds(10));
    }

    private static CorsConfiguration cors(GraphQlCorsProperties cors) {
        CorsConfiguration configured = cors.toCorsConfiguration();
        return configured == null ? new CorsConfiguration() : configured;
    }

    private static SmartInitializingSingleton require(Class<?> required, ObjectProvider<?> handlers) {
        return () -> handlers.forEach(handler -> WrongProperty.refuse(
                !required.isInstance(handler),
                "gate.graphql",
                true,
                GRAPHQL + " needs a " + required.getSimpleName() + ", not a "
                        + handler.getClass().getName() + ", which would let nobody in"));
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnClass(value = WebSocketHandler.class, name = "jakarta.websocket.server.ServerContainer")
    static class WebMvc {

        @Bean
        @ConditionalOnMissingBean(org.springframework.graphql.server.webmvc.GraphQlWebSocketHandler.class)
        TicketWebMvcHandler realtimeTicketGraphQlHandler(
                WebGraphQlHandler handler,
                Environment environment,
                GraphQlProperties properties,
                GraphQlCorsProperties cors,
                ObjectProvider<ServerHttpMessageConvertersCustomizer> customizers) {
            return new TicketWebMvcHandler(
                    handler,
                    json(customizers),
                    timeToInit(environment),
                    properties.getWebsocket().getKeepAlive(),
                    cors(cors));
        }

        @Bean(CHECK)
        SmartInitializingSingleton realtimeTicketGraphQlCheck(
                ObjectProvider<org.springframework.graphql.server.webmvc.GraphQlWebSocketHandler> handlers) {
            return require(TicketWebMvcHandler.class, handlers);
        }

        /** The one that Boot's own endpoint takes. */
        @SuppressWarnings("unchecked")
        private static HttpMessageConverter<Object> json(
                ObjectProvider<ServerHttpMessageConvertersCustomizer> customizers) {
            HttpMessageConverters.ServerBuilder converters =
                    HttpMessageConverters.forServer().registerDefaults();
            customizers.orderedStream().forEach(customizer -> customizer.customize(converters));
            return StreamSupport.stream(converters.build().spliterator(), false)
                    .filter(converter -> converter.canRead(Map.class, MediaType.APPLICATION_JSON))
                    .map(converter -> (HttpMessageConverter<Object>) converter)
                    .findFirst()
                    .orElseThrow(() ->
                            WrongProperty.wrong("gate.graphql", true, GRAPHQL + " needs something that reads JSON"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    static class WebFlux {

        @Bean
        @ConditionalOnMissingBean(org.springframework.graphql.server.webflux.GraphQlWebSocketHandler.class)
        TicketWebFluxHandler realtimeTicketGraphQlHandler(
                WebGraphQlHandler handler,
                Environment environment,
                GraphQlProperties properties,
                GraphQlCorsProperties cors,
                ServerCodecConfigurer codecs) {
            return new TicketWebFluxHandler(
                    handler,
                    codecs,
                    timeToInit(environment),
                    properties.getWebsocket().getKeepAlive(),
                    cors(cors));
        }

        @Bean(CHECK)
        SmartInitializingSingleton realtimeTicketGraphQlCheck(
                ObjectProvider<org.springframework.graphql.server.webflux.GraphQlWebSocketHandler> handlers) {
            return require(TicketWebFluxHandler.class, handlers);
        }
    }
}
