// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.OnPropertyListCondition;

/** Whether the properties name paths that a ticket opens. */
final class OnGatePaths extends OnPropertyListCondition {

    static final String PROPERTY = "realtime-ticket.gate.paths";

    OnGatePaths() {
        super(PROPERTY, () -> ConditionMessage.forCondition("Paths that a ticket opens"));
    }
}
