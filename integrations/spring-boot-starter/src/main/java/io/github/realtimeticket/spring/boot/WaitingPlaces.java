// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.BoundedTicketStore;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** How many requests may wait for the store at a time. */
final class WaitingPlaces {

    private WaitingPlaces() {}

    /** A third of the threads that the server is set to, or that Undertow has by itself; one at least, and not more than usual. */
    static int of(Environment environment) {
        if (environment.getProperty("spring.threads.virtual.enabled", Boolean.class, false)) {
            return BoundedTicketStore.PLACES;
        }
        return Math.max(1, Math.min(BoundedTicketStore.PLACES, threads(environment) / 3));
    }

    // Of the servers that are there, Boot starts the first.
    private static int threads(Environment environment) {
        int usual = 3 * BoundedTicketStore.PLACES;
        if (isPresent("org.apache.catalina.startup.Tomcat")) {
            return environment.getProperty("server.tomcat.threads.max", Integer.class, usual);
        }
        if (isPresent("org.eclipse.jetty.server.Server")) {
            return environment.getProperty("server.jetty.threads.max", Integer.class, usual);
        }
        if (isPresent("io.undertow.Undertow")) {
            // Undertow's own default, as Undertow.Builder has it.
            int workers = 8 * Math.max(2, Runtime.getRuntime().availableProcessors());
            return environment.getProperty("server.undertow.threads.worker", Integer.class, workers);
        }
        return usual;
    }

    private static boolean isPresent(String name) {
        return ClassUtils.isPresent(name, WaitingPlaces.class.getClassLoader());
    }
}
