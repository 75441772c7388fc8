// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import java.net.URI;
import java.util.Map;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A Spring application with an embedded Tomcat on a free port of the loopback interface. */
public final class RunningApplication implements RunningServer {

    private final ConfigurableApplicationContext context;
    private final String scheme;
    private final String path;

    private RunningApplication(ConfigurableApplicationContext context, String scheme, String path) {
        this.context = context;
        this.scheme = scheme;
        this.path = path;
    }

    /** Starts an application that has this gate as its bean. */
    public static RunningApplication start(Class<?> application, Gate gate, String scheme, String path) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(application)
                .web(WebApplicationType.SERVLET)
                .initializers(beans -> ((GenericApplicationContext) beans).registerBean("gate", Gate.class, () -> gate))
                .properties(Map.of(
                        "server.port", "0",
                        "server.address", "127.0.0.1",
                        "spring.main.banner-mode", "off",
                        "spring.main.register-shutdown-hook", "false"))
                .run();
        return new RunningApplication(context, scheme, path);
    }

    @Override
    public URI uri() {
        return URI.create(
                scheme + "://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port") + path);
    }

    @Override
    public void close() {
        context.close();
    }
}
