// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.webflux;

import io.github.realtimeticket.spring.web.RealtimeTicket;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A chat for whoever is logged in: a page, a WebSocket and an event stream. Set {@code realtime-ticket.gate.paths=/realtime/**}, and for
 * a first user {@code spring.security.user.name} and {@code .password}.
 */
@SpringBootApplication
public class WebFluxChat {

    private final Sinks.Many<String> room = Sinks.many().multicast().directBestEffort();

    public static void main(String[] arguments) {
        SpringApplication.run(WebFluxChat.class, arguments);
    }

    @Bean
    HandlerMapping sockets() {
        return new SimpleUrlHandlerMapping(Map.of("/realtime/chat", (WebSocketHandler) this::chat), -1);
    }

    /** The principal is the ticket's holder. */
    private Mono<Void> chat(WebSocketSession session) {
        return session.getHandshakeInfo().getPrincipal().flatMap(user -> {
            Flux<String> said = Flux.concat(Mono.just("Hello " + user.getName()), room.asFlux());
            Mono<Void> says = session.receive()
                    .doOnNext(message -> say(user.getName() + ": " + message.getPayloadAsText()))
                    .then();
            return Mono.firstWithSignal(session.send(said.map(session::textMessage)), says);
        });
    }

    private void say(String text) {
        room.emitNext(text, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
    }

    @Controller
    static class Pages {

        private final WebFluxChat chat;

        Pages(WebFluxChat chat) {
            this.chat = chat;
        }

        @GetMapping("/")
        @RealtimeTicket
        String page() {
            return "chat";
        }

        @GetMapping(path = "/realtime/listen", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
        @ResponseBody
        Flux<ServerSentEvent<String>> listen(Principal user) {
            Flux<String> said = Flux.concat(Mono.just("Hello " + user.getName()), chat.room.asFlux());
            return said.map(text -> ServerSentEvent.builder(text).build())
                    .mergeWith(Flux.interval(Duration.ofSeconds(20)).map(tick -> ServerSentEvent.<String>builder()
                            .comment("still there")
                            .build()));
        }
    }
}
