// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.BoundedTicketStore;
import java.util.stream.Stream;
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
        int threads = Stream.of(
                        "server.tomcat.threads.max", "server.jetty.threads.max", "server.undertow.threads.worker")
                .flatMap(name -> Stream.ofNullable(environment.getProperty(name, Integer.class)))
                .mapToInt(Integer::intValue)
                .min()
                .orElseGet(WaitingPlaces::usual);
        return Math.max(1, Math.min(BoundedTicketStore.PLACES, threads / 3));
    }

    private static int usual() {
        boolean undertow = isPresent("io.undertow.Undertow") && !isPresent("org.apache.catalina.startup.Tomcat");
        // Undertow's own default, as Undertow.Builder has it.
        return undertow ? 8 * Math.max(2, Runtime.getRuntime().availableProcessors()) : 3 * BoundedTicketStore.PLACES;
    }

    private static boolean isPresent(String name) {
        return ClassUtils.isPresent(name, WaitingPlaces.class.getClassLoader());
    }
}
