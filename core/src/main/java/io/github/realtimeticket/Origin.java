// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The origin of a page, as browsers send it in the header field {@code Origin} (RFC 6454 section 6.2): scheme and host in lower case,
 * and the port unless it is the scheme's default one. Immutable and thread-safe.
 *
 * @param text such as {@code https://app.example} or {@code http://localhost:8080}
 */
public record Origin(String text) {

    private static final int LONGEST = 512;

    // With an underscore, which no host name of the DNS may have, and which browsers send all the same.
    private static final Pattern GRAMMAR =
            Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");

    /**
     * Checks, and writes it as browsers do: in lower case, without a default port.
     *
     * @throws IllegalArgumentException if it is no origin, or has a path
     */
    public Origin {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!isWellFormed(lower)) {
            throw new IllegalArgumentException(
                    "An origin must read like https://app.example or http://localhost:8080, without a path, not \""
                            + JsonValues.escape(text) + "\"");
        }
        boolean usual = (lower.startsWith("https:") && lower.endsWith(":443"))
                || (lower.startsWith("http:") && lower.endsWith(":80"));
        text = usual ? lower.substring(0, lower.lastIndexOf(':')) : lower;
    }

    /**
     * The origin that a text names.
     *
     * @throws IllegalArgumentException if it names none
     */
    public static Origin of(String text) {
        return new Origin(text);
    }

    /** The origin that a text from outside names, or nothing if it names none; {@code null}, as sandboxed pages send it, does not. */
    public static Optional<Origin> parse(String text) {
        return isWellFormed(text.toLowerCase(Locale.ROOT)) ? Optional.of(new Origin(text)) : Optional.empty();
    }

    /** The text. */
    @Override
    public String toString() {
        return text;
    }

    static Set<String> texts(Collection<String> origins) {
        return origins.stream().map(origin -> of(origin).text()).collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isWellFormed(String text) {
        return text.length() <= LONGEST && GRAMMAR.matcher(text).matches();
    }
}
