// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/** Checks the names and origins that a program configures. */
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

    /** An origin as browsers send it: {@code scheme://host[:port]}, in lower case, no default port, no path. */
    static String requireOrigin(String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme();
            String rest = uri.getRawSchemeSpecificPart();
            boolean origin = scheme != null
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && rest.equals("//" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()))
                    && uri.getRawFragment() == null;
            if (origin) {
                String lower = text.toLowerCase(Locale.ROOT);
                boolean usual = (lower.startsWith("https:") && uri.getPort() == 443)
                        || (lower.startsWith("http:") && uri.getPort() == 80);
                return usual ? lower.substring(0, lower.lastIndexOf(':')) : lower;
            }
        } catch (java.net.URISyntaxException e) {
            // Falls through to the message, which says more than the parser does.
        }
        throw new IllegalArgumentException(
                "An origin must read like https://app.example or http://localhost:8080, without a path, not \""
                        + JsonValues.escape(text) + "\"");
    }
}
