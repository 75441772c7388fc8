// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import java.util.Objects;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the {@link ClientScripts} in Spring MVC. Thread-safe. */
public final class ClientScriptHandlers implements WebMvcConfigurer {

    private final ClientScripts scripts;

    /** Serves these. */
    public ClientScriptHandlers(ClientScripts scripts) {
        this.scripts = Objects.requireNonNull(scripts, "scripts");
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        scripts.patterns().forEach((pattern, cacheControl) -> registry.addResourceHandler(pattern)
                .addResourceLocations(scripts.location())
                .setCacheControl(cacheControl)
                .setUseLastModified(false)
                .setEtagGenerator(resource -> scripts.etag()));
    }
}
