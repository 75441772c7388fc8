// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import io.github.realtimeticket.TicketStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A {@link SpringSite} on a free port, with the starter and tickets in Redis. */
final class SpringBackend implements Backend {

    private final ConfigurableApplicationContext context;

    private SpringBackend(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static SpringBackend start(int redisPort, Form form, Path scripts) {
        List<String> properties = new ArrayList<>(List.of(form.properties()));
        properties.add("realtime-ticket.store=redis");
        properties.add("realtime-ticket.redis.url=redis://127.0.0.1:" + redisPort);
        properties.add("spring.web.resources.static-locations=" + scripts.toUri());
        return new SpringBackend(
                application().properties(properties.toArray(String[]::new)).run());
    }

    /** One with this store as a bean, which takes the place of the starter's. */
    static SpringBackend start(TicketStore store) {
        return new SpringBackend(application()
                .initializers(context -> context.getBeanFactory().registerSingleton("tickets", store))
                .run());
    }

    private static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(SpringSite.class)
                .properties(Map.of(
                        "server.port", "0",
                        "server.address", "127.0.0.1",
                        "spring.main.banner-mode", "off",
                        "spring.main.register-shutdown-hook", "false",
                        "spring.mvc.static-path-pattern", "/scripts/**"));
    }

    String origin() {
        return "http://127.0.0.1:" + port();
    }

    @Override
    public String url() {
        return "ws://127.0.0.1:" + port() + SpringSite.PATH;
    }

    @Override
    public void close() {
        context.close();
    }

    private int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }
}
