// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.Locale;
import java.util.regex.Pattern;

/** Checks the names and origins that a program configures. */
final class Names {

    /** RFC 9110 section 5.6.2 ({@code token}), less what a query would need to escape. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~-]{1,64}");

    private static final int LONGEST_ORIGIN = 512;
    private static final Pattern ORIGIN =
            Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");

    private Names() {}

    static void require(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The " + what
                    + " must be 1 to 64 letters, digits or any of . _ ~ -, not \"" + JsonValues.escape(name) + "\"");
        }
    }

    /** Whether a text is an origin as browsers send it (RFC 6454 section 6.2), a default port excepted. */
    static boolean isOrigin(String text) {
        return text.length() <= LONGEST_ORIGIN && ORIGIN.matcher(text).matches();
    }

    /** An origin as browsers send it: {@code scheme://host[:port]}, in lower case, no default port, no path. */
    static String requireOrigin(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!isOrigin(lower)) {
            throw new IllegalArgumentException(
                    "An origin must read like https://app.example or http://localhost:8080, without a path, not \""
                            + JsonValues.escape(text) + "\"");
        }
        boolean usual = (lower.startsWith("https:") && lower.endsWith(":443"))
                || (lower.startsWith("http:") && lower.endsWith(":80"));
        return usual ? lower.substring(0, lower.lastIndexOf(':')) : lower;
    }
}
