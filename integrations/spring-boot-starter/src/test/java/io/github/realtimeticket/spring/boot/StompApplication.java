// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import java.security.Principal;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** An application of STOMP that does nothing about tickets. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableWebSocketMessageBroker
@Controller
class StompApplication implements WebSocketMessageBrokerConfigurer {

    /** How many messages came to {@code /app/count}. */
    final AtomicInteger counted = new AtomicInteger();

    private final boolean inOrder;

    StompApplication(@Value("${in-order:false}") boolean inOrder) {
        this.inOrder = inOrder;
    }

    @Override
    public void registerStompEndpoints(StompEndpointRegistry registry) {
        registry.setPreserveReceiveOrder(inOrder);
        registry.addEndpoint("/stomp").setAllowedOriginPatterns("*");
        registry.addEndpoint("/sockjs").withSockJS();
        registry.addEndpoint("/sockjs-of-pages")
                .setAllowedOrigins("https://app.example")
                .withSockJS();
    }

    // One thread, so that a subscription is there when the frame behind it is worked on.
    @Override
    public void configureClientInboundChannel(ChannelRegistration registration) {
        registration.taskExecutor().corePoolSize(1).maxPoolSize(1);
    }

    @Override
    public void configureMessageBroker(MessageBrokerRegistry registry) {
        registry.enableSimpleBroker("/queue", "/topic");
        registry.setApplicationDestinationPrefixes("/app");
    }

    @MessageMapping("/who")
    @SendToUser("/queue/answers")
    String who(Principal user) {
        return user.getName();
    }

    @MessageMapping("/count")
    void count() {
        counted.incrementAndGet();
    }

    @SubscribeMapping("/me")
    String asked(Principal user) {
        return user.getName();
    }

    @GetMapping("/me")
    @ResponseBody
    String me(Principal user) {
        return user.getName();
    }

    @GetMapping({"/sockjs/history", "/sockjs/000/history/xhr"})
    @ResponseBody
    String history() {
        return "history";
    }
}
