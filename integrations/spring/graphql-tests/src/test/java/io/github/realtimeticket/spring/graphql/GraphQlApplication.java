// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import io.github.realtimeticket.TicketHolder;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.graphql.autoconfigure.GraphQlSourceBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.ContextValue;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.graphql.data.method.annotation.SubscriptionMapping;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An application of GraphQL that does nothing about tickets. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Controller
class GraphQlApplication {

    private static final String SCHEMA = """
            type Query { me: String!, roles: String!, holder: String!, secret: String }
            type Subscription { greeting: String!, ticking(size: Int!): String! }
            """;

    /** How many ticks somebody took. */
    final AtomicInteger ticks = new AtomicInteger();

    @Bean
    GraphQlSourceBuilderCustomizer schema() {
        return source -> source.schemaResources(new ByteArrayResource(SCHEMA.getBytes(StandardCharsets.UTF_8)));
    }

    @QueryMapping
    String me(Principal user) {
        return user.getName();
    }

    @QueryMapping
    String roles(Authentication user, @AuthenticationPrincipal Principal holder) {
        return holder.getName() + " " + user.getAuthorities();
    }

    @QueryMapping
    String holder(@ContextValue(TicketGraphQlInterceptor.HOLDER) TicketHolder holder) {
        return holder.id() + " " + holder.username();
    }

    @SubscriptionMapping
    Flux<String> greeting(Principal user) {
        return Flux.concat(Mono.just("Hello " + user.getName()), Flux.never());
    }

    @SubscriptionMapping
    Flux<String> ticking(@Argument int size) {
        String tick = "t".repeat(size);
        return Flux.interval(Duration.ofMillis(1))
                .onBackpressureDrop()
                .doOnNext(one -> ticks.incrementAndGet())
                .map(one -> tick);
    }
}
