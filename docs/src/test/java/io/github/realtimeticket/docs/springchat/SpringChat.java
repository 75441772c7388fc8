// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs.springchat;

import java.io.IOException;
import java.security.Principal;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.handler.ConcurrentWebSocketSessionDecorator;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/**
 * A chat for whoever is logged in: a page, a WebSocket and an event stream. Set {@code realtime-ticket.gate.paths=/realtime/**}, and for
 * a first user {@code spring.security.user.name} and {@code .password}.
 */
@SpringBootApplication
@EnableWebSocket
@EnableScheduling
public class SpringChat {

    public static void main(String[] arguments) {
        SpringApplication.run(SpringChat.class, arguments);
    }

    @Bean
    WebSocketConfigurer sockets(Room room) {
        return registry -> registry.addHandler(room, "/realtime/chat").setAllowedOriginPatterns("*");
    }

    /** Whoever is there, over a WebSocket or listening to a stream. */
    @Component
    static class Room extends TextWebSocketHandler {

        private final Map<String, WebSocketSession> sockets = new ConcurrentHashMap<>();
        private final Set<SseEmitter> streams = ConcurrentHashMap.newKeySet();

        @Override
        public void afterConnectionEstablished(WebSocketSession session) throws IOException {
            // Many threads send.
            var socket = new ConcurrentWebSocketSessionDecorator(session, 10_000, 65_536);
            sockets.put(session.getId(), socket);
            socket.sendMessage(new TextMessage("Hello " + session.getPrincipal().getName()));
        }

        @Override
        protected void handleTextMessage(WebSocketSession session, TextMessage message) {
            say(session.getPrincipal().getName() + ": " + message.getPayload());
        }

        @Override
        public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
            sockets.remove(session.getId());
        }

        private void say(String text) {
            var message = new TextMessage(text);
            sockets.values().removeIf(socket -> !reaches(() -> socket.sendMessage(message)));
            send(SseEmitter.event().data(text));
        }

        // A server learns by sending alone that a listener has gone.
        @Scheduled(fixedRate = 20_000)
        void beat() {
            send(SseEmitter.event().comment("still there"));
        }

        private void send(SseEmitter.SseEventBuilder event) {
            var parts = event.build();
            streams.removeIf(stream -> !reaches(() -> stream.send(parts)));
        }

        private interface Sending {
            void send() throws IOException;
        }

        private static boolean reaches(Sending sending) {
            try {
                sending.send();
                return true;
            } catch (IOException | IllegalStateException e) {
                return false;
            }
        }
    }

    @RestController
    static class Pages {

        private static final String PAGE = """
                <!doctype html>
                <ul id="said"></ul>
                <script type="module">
                  import { TicketEventSource, TicketWebSocket } from "/realtime-ticket/realtime-ticket.js";

                  const show = ({ data }) =>
                    document.querySelector("#said").append(Object.assign(document.createElement("li"), { textContent: data }));

                  globalThis.socket = new TicketWebSocket(`${location.origin.replace("http", "ws")}/realtime/chat`);
                  socket.onmessage = show;
                  socket.open();

                  const stream = new TicketEventSource("/realtime/listen");
                  stream.onmessage = show;
                  stream.open();
                </script>
                """;

        private final Room room;

        Pages(Room room) {
            this.room = room;
        }

        @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
        String page() {
            return PAGE;
        }

        @GetMapping("/realtime/listen")
        SseEmitter listen(Principal user) throws IOException {
            var stream = new SseEmitter(0L);
            stream.onCompletion(() -> room.streams.remove(stream));
            stream.send("Hello " + user.getName());
            room.streams.add(stream);
            return stream;
        }
    }
}
