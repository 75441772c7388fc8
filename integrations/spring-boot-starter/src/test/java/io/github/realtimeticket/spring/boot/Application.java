// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A Boot application on a free port of the loopback interface. */
final class Application implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private Application(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts one, with properties as {@code name=value}. */
    static Application start(Class<?> main, String... properties) {
        SpringApplication application = new SpringApplicationBuilder(main)
                .properties(Map.of(
                        "server.port", "0",
                        "server.address", "127.0.0.1",
                        "spring.main.banner-mode", "off",
                        "spring.main.register-shutdown-hook", "false",
                        "spring.security.user.name", "alice",
                        "spring.security.user.password", "ticket"))
                .properties(properties)
                .build();
        return new Application(application.run());
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    Browser browser() {
        return new Browser(port());
    }

    /** The holder of this ticket, which is used up by it; nothing if it is no good. */
    Optional<TicketHolder> redeem(Ticket ticket) {
        return Gate.of(bean(Tickets.class))
                .admit(ticket)
                .toCompletableFuture()
                .join()
                .fold(admitted -> Optional.of(admitted.holder()), refused -> Optional.empty());
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }
}
