// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says which property of ours is wrong, where it was set, and what is allowed; never what it was, which may be a secret. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class WrongPropertyFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable root, BindException failure) {
        String name = failure.getName().toString().toLowerCase(Locale.ROOT);
        if (!(name + ".").startsWith(AllowedValues.PREFIX)) {
            return null;
        }
        Throwable deepest = failure;
        while (deepest.getCause() != null && !isOurs(deepest)) {
            deepest = deepest.getCause();
        }
        String action = "Correct the property, or leave it out.";
        if (isOurs(deepest)) {
            return new FailureAnalysis(deepest.getMessage() + ".", action, failure);
        }
        String property = withoutIndex(failure.getName()).substring(AllowedValues.PREFIX.length());
        String place = Origin.from(failure.getProperty()) == null
                ? ""
                : " (set in " + Origin.from(failure.getProperty()) + ")";
        return AllowedValues.of(property)
                .map(allowed -> new FailureAnalysis(
                        AllowedValues.PREFIX + property + " must be " + allowed + place + ".", action, failure))
                .orElse(null);
    }

    private static boolean isOurs(Throwable fault) {
        return fault instanceof IllegalArgumentException
                && fault.getMessage() != null
                && fault.getMessage().startsWith(AllowedValues.PREFIX);
    }

    private static String withoutIndex(ConfigurationPropertyName name) {
        return (name.isLastElementIndexed() ? name.getParent() : name).toString();
    }
}
