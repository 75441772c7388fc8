// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.FilterInvocation;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Stops the start if an example of a path that only a ticket is to open belongs to a security filter chain before that of the tickets, or
 * to none: of the paths that the properties name, which {@link GatePathsFilter} would leave without a user, and of those that a chain of
 * the application's own names by patterns.
 */
final class GatePathsCheck implements SmartInitializingSingleton {

    /** As a matcher of paths prints its pattern, alone or among others; no other way leads to it. */
    private static final Pattern PATH = Pattern.compile("PathPattern \\[(?:[A-Z]+ )?(/[^\\]]*)]");

    private final ObjectProvider<FilterChainProxy> chains;
    private final List<String> paths;

    GatePathsCheck(ObjectProvider<FilterChainProxy> chains, List<String> paths) {
        this.chains = chains;
        this.paths = paths;
    }

    @Override
    public void afterSingletonsInstantiated() {
        chains.stream().map(FilterChainProxy::getFilterChains).forEach(this::check);
    }

    private void check(List<SecurityFilterChain> chains) {
        for (String path : paths) {
            WrongProperty.refuse(isTakenBefore(path, chains), "gate.paths", paths, path + Open.WITHOUT_TICKET);
        }
        for (SecurityFilterChain chain : chains) {
            patterns(chain)
                    .filter(path -> isTakenBefore(path, chains))
                    .findFirst()
                    .ifPresent(path -> {
                        throw new IllegalStateException("Of ticketAuthentication(), " + path + Open.WITHOUT_TICKET);
                    });
        }
    }

    private static Stream<String> patterns(SecurityFilterChain chain) {
        return isOfTickets(chain) && chain instanceof DefaultSecurityFilterChain known
                ? PATH.matcher(known.getRequestMatcher().toString()).results().map(found -> found.group(1))
                : Stream.empty();
    }

    /** Whether a chain that something else opens takes an example of this pattern from one of tickets behind it. */
    private static boolean isTakenBefore(String pattern, List<SecurityFilterChain> chains) {
        var request = new Example(Open.example(pattern));
        boolean taken = false;
        try {
            for (SecurityFilterChain chain : chains) {
                if (chain.matches(request)) {
                    if (isOfTickets(chain)) {
                        return taken;
                    }
                    taken = true;
                }
            }
        } catch (RuntimeException e) {
            // A matcher that asks for more than a path: nothing can be told.
        }
        return false;
    }

    private static boolean isOfTickets(SecurityFilterChain chain) {
        return TicketAuthenticationConfigurer.isOpenedByTicketOnly(chain.getFilters());
    }

    /** A request that knows its path, and what matchers note in it. */
    private static final class Example extends HttpServletRequestWrapper {

        private final Map<String, @Nullable Object> noted = new HashMap<>();

        Example(String path) {
            super(new FilterInvocation(path, "GET").getRequest());
        }

        @Override
        public @Nullable Object getAttribute(String name) {
            return noted.get(name);
        }

        @Override
        public void setAttribute(String name, @Nullable Object value) {
            noted.put(name, value);
        }

        @Override
        public void removeAttribute(String name) {
            noted.remove(name);
        }
    }
}
