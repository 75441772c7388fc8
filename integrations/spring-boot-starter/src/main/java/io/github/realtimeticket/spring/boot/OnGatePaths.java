// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether the properties name paths that a ticket opens. */
final class OnGatePaths extends SpringBootCondition {

    static final String PROPERTY = "realtime-ticket.gate.paths";

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        List<String> paths = Binder.get(context.getEnvironment())
                .bind(PROPERTY, Bindable.listOf(String.class))
                .orElse(List.of());
        return new ConditionOutcome(
                !paths.isEmpty(),
                ConditionMessage.forCondition("Paths that a ticket opens").because(PROPERTY + " is " + paths));
    }
}
