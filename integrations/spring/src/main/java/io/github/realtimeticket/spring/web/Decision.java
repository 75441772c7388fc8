// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a gate has decided on a request, kept in an attribute of that. No other gate lets the request in for it, and what one before has decided
 * is not forgotten. For the packages of this module.
 *
 * @param gate which has decided
 * @param admission what it has decided
 * @param before what was decided before; {@code null} if nothing was
 */
public record Decision(
        Gate gate, Admission admission, @Nullable Decision before) {

    /** The name of the attribute, which has the decision of the gate that was asked last. */
    public static final String ATTRIBUTE = Decision.class.getName();

    /** What this gate has decided, by what is kept; {@code null} if it was not asked. */
    public static @Nullable Admission of(Gate gate, @Nullable Object kept) {
        Decision decision = last(kept);
        while (decision != null && decision.gate() != gate) {
            decision = decision.before();
        }
        return decision == null ? null : decision.admission();
    }

    /** What is to be kept when this gate was asked. */
    public static Decision after(@Nullable Object kept, Gate gate, Admission admission) {
        Decision last = last(kept);
        return last != null && last.gate() == gate ? last : new Decision(gate, admission, last);
    }

    /** How the gate that was asked last has admitted the request, by what is kept; nothing if it has not. */
    public static Optional<Admission.Admitted> admitted(@Nullable Object kept) {
        Decision last = last(kept);
        return last != null && last.admission() instanceof Admission.Admitted admitted
                ? Optional.of(admitted)
                : Optional.empty();
    }

    // Another application in the same container, which a request was forwarded by, may have a class of this name.
    private static @Nullable Decision last(@Nullable Object kept) {
        return kept instanceof Decision last ? last : null;
    }
}
