// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import java.security.Principal;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
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

    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        // The gate decides which origins may connect.
        registry.addHandler(new GreetingHandler(), "/realtime/socket").setAllowedOriginPatterns("*");
    }

    @GetMapping(path = "/realtime/plain", produces = MediaType.TEXT_PLAIN_VALUE + ";charset=UTF-8")
    String plain(Principal user) {
        return user.getName();
    }
}
