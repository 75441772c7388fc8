// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Conditional;

/** Whether tickets have a security filter chain, for which Spring Security leaves out its own in a reactive application. */
final class OnTicketChain extends AnyNestedCondition {

    OnTicketChain() {
        super(ConfigurationPhase.REGISTER_BEAN);
    }

    @Conditional(OnGatePaths.class)
    static class OfPaths {}

    @ConditionalOnBooleanProperty(RealtimeTicketGraphQlAutoConfiguration.GRAPHQL)
    static class OfGraphQl {}
}
