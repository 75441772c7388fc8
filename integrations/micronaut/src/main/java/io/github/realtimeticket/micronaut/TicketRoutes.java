// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.micronaut.context.ExecutionHandleLocator;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.web.router.DefaultRouteBuilder;
import jakarta.inject.Singleton;
import java.util.EnumSet;

/** The routes to the {@link TicketEndpoint}, whatever a request brings along or asks for. */
@SuppressWarnings("overrides") // Of Micronaut's own methods.
@Singleton
@Requires(beans = TicketEndpoint.class)
final class TicketRoutes extends DefaultRouteBuilder {

    TicketRoutes(ExecutionHandleLocator handles, TicketEndpoint endpoint) {
        super(handles);
        for (HttpMethod method : EnumSet.complementOf(EnumSet.of(HttpMethod.CUSTOM))) {
            var unused = buildRoute(method, endpoint.path(), TicketEndpoint.class, "answer", HttpRequest.class)
                    .consumesAll()
                    .produces(MediaType.ALL_TYPE);
        }
    }
}
