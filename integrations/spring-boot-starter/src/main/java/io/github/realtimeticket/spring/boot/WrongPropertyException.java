// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import org.jspecify.annotations.Nullable;

/** A property has a value that is not allowed. The message names it and what is allowed, and not the value. */
final class WrongPropertyException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    WrongPropertyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
