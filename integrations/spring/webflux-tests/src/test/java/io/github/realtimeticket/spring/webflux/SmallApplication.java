// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.spring.security.TicketAuthentication;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.server.WebSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** An application that adds the dependency and sets up nothing: anybody logs in, and is told who it is. */
@SpringBootConfiguration
@EnableAutoConfiguration
@RestController
public class SmallApplication {

    static final String PATHS = "realtime-ticket.gate.paths=/realtime/**,/events";

    final Greeting greeting = new Greeting();

    @Bean
    ReactiveUserDetailsService users() {
        return username -> Mono.just(User.withUsername(username)
                .password("{noop}ticket")
                .roles("USER")
                .build());
    }

    @Bean
    HandlerMapping sockets() {
        return new SimpleUrlHandlerMapping(Map.of("/realtime/socket", greeting), -1);
    }

    @GetMapping(
            path = {"/me", "/realtime/plain", "/events"},
            produces = MediaType.TEXT_PLAIN_VALUE + ";charset=UTF-8")
    @CrossOrigin("https://app.example")
    String who(Principal user) {
        return user.getName();
    }

    @GetMapping(path = "/realtime/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<String>> events(Principal user) {
        return Flux.just(ServerSentEvent.builder(user.getName()).build());
    }

    @GetMapping(path = "/realtime/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<String> stream(Principal user, @RequestParam(required = false) @Nullable String bye) {
        return Flux.just(user.getName()).concatWith(bye == null ? Flux.never() : Flux.empty());
    }

    @GetMapping("/end")
    Mono<Void> end(WebSession session) {
        return session.invalidate();
    }

    @GetMapping("/change")
    Mono<Void> change(WebSession session) {
        return session.changeSessionId();
    }

    @GetMapping("/soon-idle")
    String soonIdle(WebSession session) {
        session.setMaxIdleTime(Duration.ofSeconds(1));
        return "soon";
    }

    @PostMapping("/realtime/plain")
    String say(TicketAuthentication user, @AuthenticationPrincipal Principal holder) {
        return user.admitted().holder().id() + " " + user.getAuthorities() + " " + holder.getName();
    }

    @GetMapping("/realtime/fault")
    String fault() {
        throw new IllegalStateException("as the test wants it");
    }

    @GetMapping("/realtime/thread")
    String thread() {
        return Thread.currentThread().getName();
    }

    /** Sends the name of the session's principal, and speaks the subprotocol {@code chat}. */
    static final class Greeting implements WebSocketHandler {

        final AtomicLong heard = new AtomicLong();
        private final Queue<WebSocketSession> sessions = new ConcurrentLinkedQueue<>();
        private final Sinks.Many<String> news = Sinks.many().multicast().directBestEffort();

        /** Sends this to every session that was greeted and still takes it: once as a part of what is being sent, and once by itself. */
        void broadcast(String text) {
            var unused = news.tryEmitNext(text);
            for (WebSocketSession session : sessions) {
                var unusedSending = session.send(Mono.fromSupplier(() -> session.textMessage(text)))
                        .onErrorComplete()
                        .subscribe();
            }
        }

        @Override
        public List<String> getSubProtocols() {
            return List.of("chat");
        }

        @Override
        public Mono<Void> handle(WebSocketSession session) {
            Flux<String> texts = session.getHandshakeInfo()
                    .getPrincipal()
                    .map(Principal::getName)
                    .doOnNext(name -> sessions.add(session))
                    .concatWith(news.asFlux());
            return Mono.firstWithSignal(
                    session.send(texts.map(session::textMessage)),
                    session.receive()
                            .doOnNext(message -> heard.incrementAndGet())
                            .concatMap(message ->
                                    message.getPayloadAsText().equals("bye") ? session.close() : Mono.<Void>empty())
                            .then());
        }
    }
}
