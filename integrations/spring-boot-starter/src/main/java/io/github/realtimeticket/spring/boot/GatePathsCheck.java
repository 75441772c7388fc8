// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Stops the start if a path that only a ticket is to open belongs to a security filter chain before that of the tickets, or to none: if an
 * example of a path that the properties name does, which {@link GatePathsFilter} would leave without a user, and if all examples do of a
 * pattern that a chain of the application's own names, whose tickets would open nothing. Warns if there are paths that no chain takes.
 *
 * @param chains all that there are
 * @param paths the patterns that the properties name
 * @param own the chain of these paths, if there are any
 */
record GatePathsCheck(
        ObjectProvider<FilterChainProxy> chains, List<String> paths, ObjectProvider<SecurityFilterChain> own)
        implements SmartInitializingSingleton {

    /**
     * As a matcher of paths prints its pattern, alone or among others; no other way leads to it. Of a string, Spring Security 6 makes matchers
     * of Spring MVC's and Ant's patterns.
     */
    private static final Pattern PATH =
            Pattern.compile("(?:PathPattern \\[(?:[A-Z]+ )?|(?:Mvc|Ant) \\[pattern=')(/.*?)(?='[,\\]]|](?:[,\\]]|$))");

    private static final Logger LOG = LoggerFactory.getLogger(GatePathsCheck.class);

    @Override
    public void afterSingletonsInstantiated() {
        chains.stream().map(FilterChainProxy::getFilterChains).forEach(this::check);
    }

    private void check(List<SecurityFilterChain> chains) {
        if (isOpenElsewhere(chains)) {
            LOG.warn(
                    "No security filter chain takes all paths, and a path that none takes is open to everybody: a chain of the"
                            + " application's own replaces Spring Boot's. Unless that is meant, add one without a securityMatcher.");
        }
        for (String path : paths) {
            boolean taken = isTakenBefore(ExampleRequest.get(Open.example(path)), chains)
                    .orElse(false);
            WrongProperty.refuse(taken, "gate.paths", paths, path + Open.WITHOUT_TICKET);
        }
        chains.stream()
                .filter(chain -> chain != own.getIfAvailable())
                .flatMap(GatePathsCheck::patterns)
                .filter(path -> isWhollyTakenBefore(path, chains))
                .findFirst()
                .ifPresent(path -> {
                    throw new IllegalStateException("Of ticketAuthentication(), " + path + Open.WITHOUT_TICKET);
                });
    }

    private static boolean isOpenElsewhere(List<SecurityFilterChain> chains) {
        HttpServletRequest any = ExampleRequest.get("/" + UUID.randomUUID());
        try {
            return chains.stream().noneMatch(chain -> chain.matches(any));
        } catch (RuntimeException e) {
            // A matcher that asks for more than an example has: nothing can be told.
            return false;
        }
    }

    private static Stream<String> patterns(SecurityFilterChain chain) {
        return isOfTickets(chain) && chain instanceof DefaultSecurityFilterChain known
                ? PATH.matcher(known.getRequestMatcher().toString()).results().map(found -> found.group(1))
                : Stream.empty();
    }

    /** Whether nothing that can be told of is left to the tickets. A chain before may well take one path, or one method, for itself. */
    private static boolean isWhollyTakenBefore(String pattern, List<SecurityFilterChain> chains) {
        Set<Boolean> told = Open.examples(pattern)
                .flatMap(ExampleRequest::all)
                .flatMap(request -> isTakenBefore(request, chains).stream())
                .collect(Collectors.toSet());
        return told.equals(Set.of(true));
    }

    private static Optional<Boolean> isTakenBefore(HttpServletRequest request, List<SecurityFilterChain> chains) {
        return Open.isTakenBefore(chains, chain -> chain.matches(request), GatePathsCheck::isOfTickets);
    }

    private static boolean isOfTickets(SecurityFilterChain chain) {
        return TicketAuthenticationConfigurer.isOpenedByTicketOnly(chain.getFilters());
    }
}
