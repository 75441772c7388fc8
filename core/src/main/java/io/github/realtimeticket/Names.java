// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.regex.Pattern;

/** Checks the names that a program configures. */
final class Names {

    /** RFC 9110 section 5.6.2 ({@code token}), less what a query would need to escape. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~-]{1,64}");

    private Names() {}

    static void require(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The " + what
                    + " must be 1 to 64 letters, digits or any of . _ ~ -, not \"" + JsonValues.escape(name) + "\"");
        }
    }
}
