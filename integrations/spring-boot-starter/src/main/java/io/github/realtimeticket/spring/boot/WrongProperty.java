// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** A property that stops the start: Boot's own exception, whose analyzer says the value, where it was set, and the reason. */
final class WrongProperty {

    private WrongProperty() {}

    /** What is made of this property's value, which is named without {@code realtime-ticket.} if it cannot be. */
    @CanIgnoreReturnValue
    static <T, R> R naming(String property, @Nullable T value, Function<@Nullable T, R> use) {
        try {
            return use.apply(value);
        } catch (IllegalArgumentException e) {
            throw wrong(property, value, e.getMessage());
        }
    }

    /** Throws unless the value of this property is right. */
    static void require(boolean right, String property, @Nullable Object value, String allowed) {
        refuse(!right, property, value, "It must be " + allowed + ".");
    }

    /** Throws if the value of this property can have no place in this application, for this reason. */
    static void refuse(boolean wrong, String property, @Nullable Object value, String reason) {
        if (wrong) {
            throw wrong(property, value, reason);
        }
    }

    /** For a property whose value can have no place in this application, for this reason. */
    static InvalidConfigurationPropertyValueException wrong(
            String property, @Nullable Object value, @Nullable String reason) {
        return new InvalidConfigurationPropertyValueException("realtime-ticket." + property, value, reason);
    }

    /** How long an operation of a store may take. */
    static Duration timeout(String property, Duration timeout) {
        require(
                timeout.toMillis() >= 1 && timeout.compareTo(Duration.ofSeconds(10)) <= 0,
                property,
                timeout,
                "a time span of 1ms to 10s, such as 1s");
        return timeout;
    }

    /** For a property that may hold a secret, with its whole name. Has no cause, whose message might show the value. */
    static InvalidConfigurationPropertyValueException secret(String property, String reason) {
        // Boot's analyzer looks up the value by the name to print it: no property has a name like this.
        return new InvalidConfigurationPropertyValueException(property + " (not shown)", "***", reason);
    }
}
