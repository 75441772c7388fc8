// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Application;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A {@link SpringSite} with the starter.
 *
 * @param application where it runs
 */
record SpringBackend(Application application) implements Backend {

    /** One with tickets in Redis. */
    static SpringBackend start(int redisPort, Form form, Path scripts) {
        List<String> properties = new ArrayList<>(List.of(form.properties()));
        properties.add("realtime-ticket.store=redis");
        properties.add("realtime-ticket.redis.url=redis://127.0.0.1:" + redisPort);
        properties.add("spring.mvc.static-path-pattern=/scripts/**");
        properties.add("spring.web.resources.static-locations=" + scripts.toUri());
        return new SpringBackend(Application.start(SpringSite.class, properties.toArray(String[]::new)));
    }

    /** One with this store as a bean, which takes the place of the starter's. */
    static SpringBackend start(TicketStore store) {
        return new SpringBackend(Application.start(SpringSite.class, Map.of("tickets", store)));
    }

    String origin() {
        return application.user().origin();
    }

    @Override
    public String url() {
        return application.uri("ws", SpringSite.PATH).toString();
    }

    @Override
    public void close() {
        application.close();
    }
}
