// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer;
import java.util.List;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.security.web.FilterChainProxy;

/** Stops the start if a path that only a ticket is to open belongs to another security filter chain, or to none. */
final class GatePathsCheck implements SmartInitializingSingleton {

    private final FilterChainProxy chains;
    private final List<String> paths;

    GatePathsCheck(FilterChainProxy chains, List<String> paths) {
        this.chains = chains;
        this.paths = paths;
    }

    @Override
    public void afterSingletonsInstantiated() {
        for (String path : paths) {
            if (!TicketAuthenticationConfigurer.isOpenedByTicketOnly(chains.getFilters(example(path)))) {
                throw new IllegalStateException("Of " + OnGatePaths.PROPERTY + ", " + path
                        + " could be opened without a ticket: another security filter chain stands before that of the tickets, or"
                        + " web.ignoring() takes the path out of security");
            }
        }
    }

    /** A path that the pattern matches. */
    private static String example(String pattern) {
        return pattern.replaceAll("\\{\\*[^}]*}|\\{[^}]*}", "x")
                .replace("**", "x")
                .replaceAll("[*?]", "x");
    }
}
