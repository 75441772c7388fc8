// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs.stompchat;

import java.security.Principal;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.MediaType;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/**
 * A chat of STOMP for whoever is logged in, with its page. Set {@code realtime-ticket.gate.stomp=true}, and for a first user
 * {@code spring.security.user.name} and {@code .password}.
 */
@SpringBootApplication
@EnableWebSocketMessageBroker
public class StompChat implements WebSocketMessageBrokerConfigurer {

    public static void main(String[] arguments) {
        SpringApplication.run(StompChat.class, arguments);
    }

    @Override
    public void registerStompEndpoints(StompEndpointRegistry registry) {
        registry.addEndpoint("/stomp");
        registry.addEndpoint("/sockjs").withSockJS();
    }

    @Override
    public void configureMessageBroker(MessageBrokerRegistry registry) {
        registry.enableSimpleBroker("/topic");
        registry.setApplicationDestinationPrefixes("/app");
    }

    /** The principal is the ticket's holder. */
    @Controller
    static class Chat {

        // A page that speaks STOMP itself; LIBRARIES.md of the browser client has the lines for @stomp/stompjs.
        private static final String PAGE = """
                <!doctype html>
                <ul id="said"></ul>
                <script type="module">
                  import { TicketSource } from "/realtime-ticket/realtime-ticket.js";

                  const tickets = new TicketSource();
                  const socket = new WebSocket(`${location.origin.replace("http", "ws")}/stomp`);
                  const send = (head, body = "") => socket.send(`${head}\\n\\n${body}\\0`);
                  const show = (text) =>
                    document.querySelector("#said").append(Object.assign(document.createElement("li"), { textContent: text }));

                  socket.onopen = async () => send(`CONNECT\\naccept-version:1.2\\nticket:${await tickets.next()}`);
                  socket.onmessage = ({ data }) => {
                    if (data.startsWith("CONNECTED")) {
                      send("SUBSCRIBE\\nid:said\\ndestination:/topic/said");
                      send("SUBSCRIBE\\nid:hello\\ndestination:/app/hello");
                    } else if (data.startsWith("MESSAGE")) {
                      show(data.slice(data.indexOf("\\n\\n") + 2, -1));
                    }
                  };
                  globalThis.say = (text) => send("SEND\\ndestination:/app/say", text);
                </script>
                """;

        @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
        @ResponseBody
        String page() {
            return PAGE;
        }

        @SubscribeMapping("/hello")
        String hello(Principal user) {
            return "Hello " + user.getName();
        }

        @MessageMapping("/say")
        @SendTo("/topic/said")
        String say(String text, Principal user) {
            return user.getName() + ": " + text;
        }
    }
}
