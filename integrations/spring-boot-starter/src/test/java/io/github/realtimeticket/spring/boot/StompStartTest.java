// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurationSupport;

/** An application in which the property does not do what it says. */
@ExtendWith(OutputCaptureExtension.class)
class StompStartTest {

    private static final String STOMP = "realtime-ticket.gate.stomp=true";
    private static final String LAZY = "spring.main.lazy-initialization=true";

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class WithoutAnEndpoint {}

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class AsksNoConfigurer extends WebSocketMessageBrokerConfigurationSupport {

        @Override
        protected void registerStompEndpoints(StompEndpointRegistry registry) {
            registry.addEndpoint("/stomp");
        }

        @Override
        protected void configureMessageBroker(MessageBrokerRegistry registry) {
            registry.enableSimpleBroker("/queue");
        }
    }

    @Test
    void anEndpointThatCouldBeOpenedWithoutATicketStopsTheStart() {
        assertThatThrownBy(() -> Application.start(AsksNoConfigurer.class, STOMP))
                .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                .hasMessageContaining("has not reached the STOMP endpoints");
    }

    @Test
    void initializationThatIsLazyHidesNoEndpoint(CapturedOutput output) throws Exception {
        assertThatThrownBy(() -> Application.start(AsksNoConfigurer.class, STOMP, LAZY))
                .hasStackTraceContaining("has not reached the STOMP endpoints");
        try (Application application = Application.start(StompApplication.class, STOMP, LAZY);
                StompPeer peer = StompPeer.open(application.uri("http", "/"), StompPeer.Way.XHR_STREAMING)) {
            peer.send(StompPeer.connect("ticket:" + application.issue(TicketHolder.of(1, "alice"))));
            assertThat(peer.next()).startsWith("CONNECTED\n");
        }
        assertThat(output).doesNotContain("Without effect");
    }

    @Test
    void withoutAnEndpointItIsSaidThatNothingHappens(CapturedOutput output) {
        try (Application application = Application.start(WithoutAnEndpoint.class, STOMP)) {
            assertThat(application.port()).isPositive();
            assertThat(output).contains("Without effect, because there is no STOMP endpoint");
        }
    }
}
