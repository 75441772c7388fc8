// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.origin.Origin;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says which property of ours is wrong, where it was set, and what is allowed; never what it was, which may be a secret. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class WrongPropertyFailureAnalyzer implements FailureAnalyzer {

    private static final String ACTION = "Correct the property, or leave it out.";

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        FailureAnalysis analysis = null;
        for (Throwable fault = failure; fault != null; fault = fault.getCause()) {
            if (fault instanceof WrongPropertyException) {
                return new FailureAnalysis(fault.getMessage() + ".", ACTION, fault);
            }
            if (fault instanceof BindException unconverted) {
                analysis = unconverted(unconverted);
            }
        }
        return analysis;
    }

    private static @Nullable FailureAnalysis unconverted(BindException failure) {
        ConfigurationPropertyName name = failure.getName();
        String property = (name.isLastElementIndexed() ? name.getParent() : name).toString();
        if (!property.startsWith(AllowedValues.PREFIX)) {
            return null;
        }
        Origin origin = Origin.from(failure.getProperty());
        String place = origin == null ? "" : " (set in " + origin + ")";
        return AllowedValues.of(property.substring(AllowedValues.PREFIX.length()))
                .map(allowed -> new FailureAnalysis(property + " must be " + allowed + place + ".", ACTION, failure))
                .orElse(null);
    }
}
