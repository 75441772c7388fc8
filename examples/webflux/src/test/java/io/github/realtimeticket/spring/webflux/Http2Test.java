// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Wire;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** WebSockets over HTTP/2 (RFC 8441), which Reactor Netty offers where it is told to. */
class Http2Test {

    static class Offered {

        @Bean
        WebServerFactoryCustomizer<NettyReactiveWebServerFactory> http2() {
            return factory ->
                    factory.addServerCustomizers(server -> server.protocol(HttpProtocol.HTTP11, HttpProtocol.H2C)
                            .http2Settings(settings -> settings.connectProtocolEnabled(true)));
        }
    }

    @Import({HandshakeApplication.class, Offered.class})
    static class WithoutSpringSecurity {}

    @Import({SmallApplication.class, Offered.class})
    static class WithSpringSecurity {}

    @Import(WithSpringSecurity.class)
    static class WithAFirewallThatLetsItThrough {

        @Bean
        ServerWebExchangeFirewall firewall() {
            var firewall = new StrictServerWebExchangeFirewall();
            firewall.setAllowedHttpMethods(Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.valueOf("CONNECT")));
            return firewall;
        }
    }

    @AutoClose
    private static Application without;

    @BeforeAll
    static void start() {
        without = Application.start(WithoutSpringSecurity.class);
    }

    @Test
    void aTicketOpensOneWebSocket() {
        assertOpensOne(without);
    }

    @Test
    void soItDoesBehindSpringSecurityIfItsFirewallKnowsTheMethod() {
        try (var application = Application.start(WithAFirewallThatLetsItThrough.class, SmallApplication.PATHS)) {
            assertOpensOne(application);
        }
    }

    @Test
    void t20_whatSpringSecuritysFirewallRefusesUsesUpNoTicket() throws Exception {
        try (var application = Application.start(WithSpringSecurity.class, SmallApplication.PATHS)) {
            String ticket = application.issue(TicketHolder.of(1, "alice"));

            assertThatThrownBy(() -> greeting(application, ticket)).hasMessageContaining("400");
            assertThat(application
                            .user()
                            .get("/realtime/plain?ticket=" + ticket)
                            .body())
                    .isEqualTo("alice");
        }
    }

    @Test
    void t20_theSameMethodOverHttp11UsesUpNoTicket() throws Exception {
        String ticket = without.issue(TicketHolder.of(1, "alice"));

        try (var client = new Wire(without.port())) {
            client.send("CONNECT /realtime/socket?ticket=" + ticket
                    + " HTTP/1.1\r\nHost: localhost\r\nSec-WebSocket-Version: 13\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(400);
        }
        assertThat(greeting(without, ticket)).isEqualTo("alice");
    }

    private static void assertOpensOne(Application application) {
        String ticket = application.issue(TicketHolder.of(1, "alice"));

        assertThat(greeting(application, ticket)).isEqualTo("alice");
        assertThatThrownBy(() -> greeting(application, ticket)).hasMessageContaining("401");
    }

    private static String greeting(Application application, String ticket) {
        return HttpClient.create()
                .protocol(HttpProtocol.H2C)
                .http2Settings(settings -> settings.connectProtocolEnabled(true))
                .websocket()
                .uri(application.uri("ws", "/realtime/socket?ticket=" + ticket))
                .handle((in, out) -> in.receive().asString().take(1))
                .blockFirst(Duration.ofSeconds(30));
    }
}
