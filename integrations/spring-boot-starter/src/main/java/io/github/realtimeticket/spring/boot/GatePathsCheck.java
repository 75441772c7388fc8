// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer;
import jakarta.servlet.Filter;
import java.util.List;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Stops the start if an example of a path that only a ticket is to open belongs to a security filter chain before that of the tickets, or
 * to none: a configuration that {@link GatePathsFilter} would leave without a user.
 */
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
            if (isTakenBefore(example(path))) {
                throw new IllegalStateException("Of " + OnGatePaths.PROPERTY + ", " + path
                        + " could be opened without a ticket: another security filter chain stands before that of the tickets, or"
                        + " web.ignoring() takes the path out of security");
            }
        }
    }

    /** Whether a chain before the first one that only a ticket opens takes this path. */
    private boolean isTakenBefore(String path) {
        List<Filter> filters;
        try {
            filters = chains.getFilters(path);
        } catch (UnsupportedOperationException e) {
            // Spring Security 6 cannot ask every matcher without a request; then the filter behind it decides alone.
            return false;
        }
        for (SecurityFilterChain chain : chains.getFilterChains()) {
            if (TicketAuthenticationConfigurer.isOpenedByTicketOnly(chain.getFilters())) {
                return false;
            }
            if (chain.getFilters().equals(filters)) {
                return true;
            }
        }
        return false;
    }

    /** A path that the pattern matches. */
    private static String example(String pattern) {
        return pattern.replaceAll("\\{\\*[^}]*}|\\{[^}]*}", "x")
                .replace("**", "x")
                .replaceAll("[*?]", "x");
    }
}
