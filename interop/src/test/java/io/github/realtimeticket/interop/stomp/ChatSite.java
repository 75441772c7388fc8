// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.stomp;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.interop.TicketRedis;
import io.github.realtimeticket.interop.Tools;
import java.nio.file.Path;
import java.security.Principal;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.http.MediaType;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** An application with the starter, Spring Security and STOMP; everybody logs in with Boot's form. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableWebSocketMessageBroker
@Controller
class ChatSite implements WebSocketMessageBrokerConfigurer {

    private static final Path PACKAGES = Path.of("stomp");

    /** Starts one with tickets in this Redis, which serves the scripts of the clients. */
    static Application start(TicketRedis redis) throws Exception {
        Path modules = Tools.nodeModules(PACKAGES);
        return Application.start(
                ChatSite.class,
                "realtime-ticket.gate.stomp=true",
                "realtime-ticket.store=redis",
                "realtime-ticket.redis.timeout=5s",
                "realtime-ticket.redis.url=" + redis.url(),
                "spring.mvc.static-path-pattern=/scripts/**",
                "spring.web.resources.static-locations="
                        + modules.resolve("sockjs-client/dist").toUri() + ","
                        + modules.resolve("@stomp/stompjs/bundles").toUri());
    }

    @Override
    public void registerStompEndpoints(StompEndpointRegistry registry) {
        registry.addEndpoint("/stomp").setAllowedOriginPatterns("*");
        registry.addEndpoint("/sockjs-of-pages")
                .setAllowedOriginPatterns("http://localhost:*")
                .withSockJS();
        registry.addEndpoint("/sockjs").withSockJS().setClientLibraryUrl("/scripts/sockjs.min.js");
    }

    @Override
    public void configureMessageBroker(MessageBrokerRegistry registry) {
        registry.enableSimpleBroker("/queue");
        registry.setApplicationDestinationPrefixes("/app");
    }

    @SubscribeMapping("/me")
    String me(Principal user) {
        return user.getName();
    }

    @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
    @ResponseBody
    String page() {
        return "<!doctype html><title>chat</title><script src=\"/scripts/sockjs.min.js\"></script>"
                + "<script src=\"/scripts/stomp.umd.min.js\"></script>";
    }
}
