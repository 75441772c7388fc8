// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot.testing;

import io.github.realtimeticket.spring.web.RealtimeTicket;
import java.security.Principal;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/** An application as users write it, whose parts a test finds by scanning. */
@SpringBootApplication
class Chat {

    @Controller
    static class Pages {

        @GetMapping("/")
        @RealtimeTicket
        String chat() {
            return "with-mustache";
        }

        @GetMapping("/realtime/name")
        @ResponseBody
        String name(Principal user) {
            return user.getName();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableWebSocket
    static class WebSockets implements WebSocketConfigurer {

        @Override
        public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
            registry.addHandler(new TextWebSocketHandler(), "/realtime/chat");
        }
    }
}
