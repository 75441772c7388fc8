// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.spring.web.ClientScripts;
import java.util.Objects;
import org.springframework.web.reactive.config.ResourceHandlerRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/** Serves the {@link ClientScripts} in Spring WebFlux. Thread-safe. */
public final class ClientScriptHandlers implements WebFluxConfigurer {

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
