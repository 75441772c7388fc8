// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import java.util.regex.Pattern;

/**
 * Where a ticket is issued. One spelling of the path matches and no other that a server would take for the same, so that a rule of a
 * proxy or of the application sees what we see.
 *
 * @param path the path below the application's context path, such as {@code /ticket/}
 */
public record TicketEndpointPath(String path) {

    private static final Pattern GRAMMAR = Pattern.compile("(/[A-Za-z0-9._~-]+)+/?");

    /**
     * The path, if nobody can spell it in another way.
     *
     * @throws IllegalArgumentException if a request could spell it in another way
     */
    public TicketEndpointPath {
        if (!GRAMMAR.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "The path must be one such as /ticket/, of letters, digits and . _ ~ -, not \"" + path + "\"");
        }
    }
}
