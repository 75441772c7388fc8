// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocations;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The endpoint of Actuator with the connections of this process, where {@code management.endpoint.realtimeconnections.access} lets somebody in. */
@AutoConfiguration(after = RealtimeTicketAutoConfiguration.class)
@ConditionalOnClass({WebEndpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(Gate.class)
public final class RealtimeTicketConnectionsAutoConfiguration {

    RealtimeTicketConnectionsAutoConfiguration() {}

    // Inside, because the annotation itself is read only after its class is known to be there.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnAvailableEndpoint(ConnectionsEndpoint.class)
    @EnableConfigurationProperties(EndpointProperties.class)
    static class Endpoint {

        @Bean
        @ConditionalOnMissingBean
        ConnectionsEndpoint realtimeTicketConnectionsEndpoint(
                ObjectProvider<Gate> gates, ObjectProvider<Revocations> revocations, EndpointProperties properties) {
            return new ConnectionsEndpoint(
                    gates.stream().toList(), revocations.getIfAvailable(), properties.showValues(), properties.roles());
        }
    }

    /**
     * The endpoint with the connections of this process.
     *
     * @param showValues when to show the ids and names of users
     * @param roles the roles that may see them when-authorized; any authenticated user if empty
     */
    @ConfigurationProperties("management.endpoint.realtimeconnections")
    record EndpointProperties(
            @DefaultValue("never") Show showValues,
            @DefaultValue Set<String> roles) {}
}
