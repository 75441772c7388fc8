// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.graphql;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.graphql.autoconfigure.GraphQlSourceBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.graphql.data.method.annotation.SubscriptionMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A chat of GraphQL for whoever is logged in. Set {@code realtime-ticket.gate.graphql=true} and {@code spring.graphql.websocket.path=/graphql},
 * and for a first user {@code spring.security.user.name} and {@code .password}.
 */
@SpringBootApplication
@Controller
public class GraphQlChat {

    private static final String SCHEMA = """
            type Query { me: String! }
            type Mutation { say(text: String!): String! }
            type Subscription { said: String! }
            """;

    private final Sinks.Many<String> room = Sinks.many().multicast().directBestEffort();

    public static void main(String[] arguments) {
        SpringApplication.run(GraphQlChat.class, arguments);
    }

    /** In place of a file below {@code src/main/resources/graphql}. */
    @Bean
    GraphQlSourceBuilderCustomizer schema() {
        return source -> source.schemaResources(new ByteArrayResource(SCHEMA.getBytes(StandardCharsets.UTF_8)));
    }

    @QueryMapping
    String me(Principal user) {
        return user.getName();
    }

    @MutationMapping
    String say(@Argument String text, Principal user) {
        String line = user.getName() + ": " + text;
        room.emitNext(line, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
        return line;
    }

    /** The principal is the ticket's holder. */
    @SubscriptionMapping
    Flux<String> said(Principal user) {
        return Flux.concat(Mono.just("Hello " + user.getName()), room.asFlux());
    }
}
