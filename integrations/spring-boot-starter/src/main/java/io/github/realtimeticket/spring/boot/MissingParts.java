// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * Warns in an application without servlets that nothing is issued or redeemed by itself there, and stops the start where paths that a
 * ticket is to open would be open to everybody for that, or without Spring Security.
 */
final class MissingParts implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(MissingParts.class);

    private final ApplicationContext context;
    private final RealtimeTicketProperties properties;

    MissingParts(ApplicationContext context, RealtimeTicketProperties properties) {
        this.context = context;
        this.properties = properties;
    }

    @Override
    public void afterSingletonsInstantiated() {
        boolean servlets =
                isA("org.springframework.web.context.WebApplicationContext") && isThere("jakarta.servlet.Servlet");
        boolean guarded = servlets && context.containsBean("realtimeTicketSecurityFilterChain");
        if (!properties.gate().paths().isEmpty() && !guarded) {
            throw new IllegalStateException(OnGatePaths.PROPERTY
                    + " needs a servlet application with Spring Security: nothing would ask for a ticket there");
        }
        if (!servlets) {
            LOG.warn(
                    "POST {} is not served and no path asks for a ticket: Realtime Ticket does that in servlet applications (Spring"
                            + " MVC), and this is {}. The beans Tickets and Gate are there for its own code.",
                    properties.path(),
                    isA("org.springframework.boot.web.context.reactive.ReactiveWebApplicationContext")
                                    || isA(
                                            "org.springframework.boot.web.reactive.context.ReactiveWebApplicationContext")
                            ? "a reactive one (WebFlux)"
                            : "no web application");
        }
    }

    private boolean isA(String type) {
        return isThere(type)
                && ClassUtils.resolveClassName(type, context.getClassLoader()).isInstance(context);
    }

    private boolean isThere(String type) {
        return ClassUtils.isPresent(type, context.getClassLoader());
    }
}
