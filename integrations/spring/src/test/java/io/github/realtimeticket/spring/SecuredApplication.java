// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import io.github.realtimeticket.spring.websocket.LiveWebSockets;
import java.io.IOException;
import java.security.Principal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;

/** Opens a WebSocket and a plain endpoint by ticket, in the filter chain of Spring Security. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableWebSocket
@Import(RealtimePaths.class)
@RestController
public class SecuredApplication implements WebSocketConfigurer {

    final GreetingHandler greeting = new GreetingHandler();

    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        // The gate decides which origins may connect.
        registry.addHandler(greeting, "/realtime/socket").setAllowedOriginPatterns("*");
        registry.addHandler(greeting, "/realtime/sock")
                .setAllowedOriginPatterns("*")
                .withSockJS();
    }

    @GetMapping(path = "/realtime/plain", produces = MediaType.TEXT_PLAIN_VALUE + ";charset=UTF-8")
    String plain(Principal user) {
        return user.getName();
    }

    @GetMapping(path = "/realtime/stream")
    SseEmitter stream(Principal user, @RequestParam(required = false) String bye) throws IOException {
        var emitter = new SseEmitter(0L);
        emitter.send(user.getName());
        if (bye != null) {
            emitter.complete();
        } else {
            beat(emitter);
        }
        return emitter;
    }

    // A servlet container learns by writing alone that a client has gone.
    private static void beat(SseEmitter emitter) {
        CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(() -> {
            try {
                emitter.send(SseEmitter.event().comment("beat"));
                beat(emitter);
            } catch (IOException | IllegalStateException e) {
                emitter.completeWithError(e);
            }
        });
    }

    @Bean
    static LiveWebSockets liveWebSockets() {
        return new LiveWebSockets();
    }
}
