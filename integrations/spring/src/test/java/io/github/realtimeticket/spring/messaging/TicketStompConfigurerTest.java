// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.BoundedTicketStore;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** The bean alone, without the starter and without Spring Security. */
class TicketStompConfigurerTest {

    private static final String WHO = "SUBSCRIBE\nid:1\ndestination:/app/who\n\n\0";

    @AutoClose
    private static Application application;

    @BeforeAll
    static void start() {
        application = Application.start(Plain.class);
    }

    @Test
    void theHolderIsTheUserAndTheTicketIsGoneFromTheFrameForEverybodyBehind() throws Exception {
        String ticket = application.issue(TicketHolder.of(7, "bob"));

        try (Connection connection = open()) {
            connection.send("CONNECT\naccept-version:1.2\nlogin:bob\npasscode:" + ticket + "\n\n\0");
            assertThat(connection.next()).startsWith("CONNECTED\n").contains("\nuser-name:bob\n");
            connection.send(WHO);
            assertThat(connection.next()).contains("TicketHolder[id=7, username=bob]");
        }

        assertThat(application.bean(Plain.class).connect)
                .contains("user=TicketHolder[id=7, username=bob]")
                .doesNotContain(ticket)
                .doesNotContain("stompCredentials")
                .doesNotContain("passcode");
    }

    @Test
    void aTimeToConnectIsNoShorterThanAMomentAndNoLongerThanMinutes() {
        var configurer = new TicketStompConfigurer(Gate.of(TicketStore.inMemory()));

        for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofMinutes(6))) {
            assertThatIllegalArgumentException().isThrownBy(() -> configurer.withTimeToConnect(wrong));
        }
    }

    @Test
    void aFrameOfAnotherUserThanTheTicketsIsRefused() throws Exception {
        var channel = application.context().getBean("clientInboundChannel", MessageChannel.class);

        try (Connection connection = open()) {
            connection.send(
                    "CONNECT\naccept-version:1.2\nticket:" + application.issue(TicketHolder.of(7, "bob")) + "\n\n\0");
            assertThat(connection.next()).startsWith("CONNECTED\n");
            MessageHeaders admitted = Objects.requireNonNull(application.bean(Plain.class).admitted);

            assertThat(channel.send(sending(admitted, SimpMessageHeaderAccessor.getUser(admitted))))
                    .isTrue();
            // As frames are that were read while the ticket was looked at, with a cookie and without.
            for (Principal other : Arrays.asList(TicketHolder.of(7, "bob"), null)) {
                assertThatThrownBy(() -> channel.send(sending(admitted, other)))
                        .hasStackTraceContaining("unauthorized");
            }
        }
    }

    private static Message<byte[]> sending(MessageHeaders admitted, @Nullable Principal user) {
        var frame = StompHeaderAccessor.create(StompCommand.SEND);
        frame.setDestination("/queue/all");
        frame.setSessionId(SimpMessageHeaderAccessor.getSessionId(admitted));
        frame.setSessionAttributes(SimpMessageHeaderAccessor.getSessionAttributes(admitted));
        frame.setUser(user);
        return MessageBuilder.createMessage(new byte[0], frame.getMessageHeaders());
    }

    @Test
    void aGateThatCannotBeMadeIsUnavailableAndLeavesNoTicketInTheFrame() {
        var interceptor = new ConnectInterceptor(
                () -> {
                    throw new IllegalStateException("as the test wants it");
                },
                Admitted::holder);
        var frame = StompHeaderAccessor.create(StompCommand.CONNECT);
        frame.setAcceptVersion("1.2");
        frame.setNativeHeader("ticket", "a".repeat(27));
        frame.setLeaveMutable(true);
        Message<byte[]> connect = MessageBuilder.createMessage(new byte[0], frame.getMessageHeaders());

        assertThatThrownBy(() -> interceptor.preSend(connect, (message, timeout) -> true))
                .isInstanceOf(MessagingException.class)
                .hasMessage("unavailable");
        assertThat(connect.toString()).doesNotContain("aaa");
    }

    @Test
    void sessionsThatAreSlowToCloseHoldUpNoOther() throws Exception {
        int slow = ForkJoinPool.getCommonPoolParallelism() + 8;
        List<String> threads = new CopyOnWriteArrayList<>();
        var closing = new CountDownLatch(slow);
        for (int i = 0; i < slow; i++) {
            new StompOpening(closesWhenAllDo(closing, threads), List.of(), new FirstFrames(1), Duration.ofMillis(1))
                    .begin(() -> Gate.of(TicketStore.inMemory()));
        }

        assertThat(closing.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(threads).allMatch(thread -> thread.startsWith("realtime-ticket-"));
    }

    private static WebSocketSession closesWhenAllDo(CountDownLatch closing, List<String> threads) {
        Map<String, Object> attributes = new ConcurrentHashMap<>();
        return (WebSocketSession) Proxy.newProxyInstance(
                WebSocketSession.class.getClassLoader(),
                new Class<?>[] {WebSocketSession.class},
                (session, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        threads.add(Thread.currentThread().getName());
                        closing.countDown();
                        closing.await();
                    }
                    return method.getName().equals("getAttributes") ? attributes : null;
                });
    }

    private static Connection open() throws Exception {
        return Connection.open(application.uri("ws", "/stomp"));
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration(
            exclude = {ServletWebSecurityAutoConfiguration.class, SecurityFilterAutoConfiguration.class})
    @EnableWebSocketMessageBroker
    @Controller
    static class Plain implements WebSocketMessageBrokerConfigurer {

        private volatile String connect = "";
        private volatile @Nullable MessageHeaders admitted;

        @Bean
        static Tickets tickets() {
            return Tickets.of(new BoundedTicketStore(TicketStore.inMemory()));
        }

        @Bean
        static Gate gate(Tickets tickets) {
            return Gate.of(tickets);
        }

        @Bean
        static TicketStompConfigurer stompTickets(Gate gate) {
            return new TicketStompConfigurer(gate);
        }

        @Override
        public void registerStompEndpoints(StompEndpointRegistry registry) {
            registry.addEndpoint("/stomp");
        }

        @Override
        public void configureMessageBroker(MessageBrokerRegistry registry) {
            registry.enableSimpleBroker("/queue");
            registry.setApplicationDestinationPrefixes("/app");
        }

        @Override
        public void configureClientInboundChannel(ChannelRegistration registration) {
            registration.interceptors(new ChannelInterceptor() {
                @Override
                public Message<?> preSend(Message<?> message, MessageChannel channel) {
                    if (SimpMessageHeaderAccessor.getMessageType(message.getHeaders())
                            == org.springframework.messaging.simp.SimpMessageType.CONNECT) {
                        admitted = message.getHeaders();
                        connect = "user=" + SimpMessageHeaderAccessor.getUser(message.getHeaders())
                                + message.getHeaders();
                    }
                    return message;
                }
            });
        }

        @SubscribeMapping("/who")
        String who(Principal user) {
            return user.toString();
        }
    }
}
