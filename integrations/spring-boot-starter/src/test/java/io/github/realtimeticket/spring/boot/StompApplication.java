// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** An application of STOMP that does nothing about tickets. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableWebSocketMessageBroker
@Controller
class StompApplication implements WebSocketMessageBrokerConfigurer {

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

    @Bean
    OneRemotePort oneRemotePort() {
        return new OneRemotePort();
    }

    /** Spring 7.0.8 lets no fallback of SockJS come from another port than the one before (spring-framework issue 36904). */
    static final class OneRemotePort extends OncePerRequestFilter {

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            chain.doFilter(
                    new HttpServletRequestWrapper(request) {
                        @Override
                        public int getRemotePort() {
                            return 0;
                        }
                    },
                    response);
        }
    }
}
