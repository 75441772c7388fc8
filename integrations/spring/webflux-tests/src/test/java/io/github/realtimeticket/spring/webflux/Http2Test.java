// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Wire;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** WebSockets over HTTP/2 (RFC 8441), which Reactor Netty offers where it is told to. */
class Http2Test {

    static class Offered {

        // The one that applications share is gone when the first of them ends.
        @Bean
        ReactorResourceFactory resources() {
            var resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            return resources;
        }

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
            firewall.setAllowedHttpMethods(Set.of(
                    HttpMethod.DELETE,
                    HttpMethod.GET,
                    HttpMethod.HEAD,
                    HttpMethod.OPTIONS,
                    HttpMethod.PATCH,
                    HttpMethod.POST,
                    HttpMethod.PUT,
                    HttpMethod.valueOf("CONNECT")));
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
    void eachStreamOfAConnectionIsOpenedByItsOwnTicket() throws Exception {
        HttpClient connection = client(ConnectionProvider.create("one", 1));
        var names = new ConcurrentLinkedQueue<String>();
        var channels = new ConcurrentLinkedQueue<Channel>();
        var both = new CountDownLatch(2);

        List<Mono<Void>> sockets = Stream.of("alice", "bob")
                .map(name -> connection
                        .websocket()
                        .uri(without.uri("ws", "/realtime/socket?ticket=" + without.issue(TicketHolder.of(name, name))))
                        .handle((in, out) -> in.withConnection(
                                        opened -> channels.add(opened.channel().parent()))
                                .receive()
                                .asString()
                                .doOnNext(greeting -> {
                                    names.add(name + " is " + greeting);
                                    both.countDown();
                                }))
                        .then())
                .toList();
        Disposable open = Flux.merge(sockets).subscribe();

        assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
        open.dispose();
        assertThat(names).containsExactlyInAnyOrder("alice is alice", "bob is bob");
        assertThat(Set.copyOf(channels)).hasSize(1);
    }

    @Test
    void soItDoesBehindSpringSecurityIfItsFirewallKnowsTheMethod() throws Exception {
        try (var application = Application.start(WithAFirewallThatLetsItThrough.class, SmallApplication.PATHS);
                var client = new Wire(application.port())) {
            assertOpensOne(application);

            client.send("""
                    OPTIONS /realtime/plain HTTP/1.1\r
                    Host: localhost\r
                    Origin: https://app.example\r
                    Access-Control-Request-Method: GET\r
                    \r
                    """);
            assertThat(client.answer().status()).isEqualTo(200);
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

    @Test
    void aWrongOriginOpensNone() {
        String ticket = without.bean(Tickets.class)
                .issue(TicketHolder.of(1, "alice"), TicketBinding.none().withOrigin("https://app.example"))
                .toCompletableFuture()
                .join()
                .reveal();

        assertThatThrownBy(() -> greeting(without, ticket, "https://evil.example"))
                .hasMessageContaining("403");
    }

    private static void assertOpensOne(Application application) {
        String ticket = application.issue(TicketHolder.of(1, "alice"));

        assertThat(greeting(application, ticket)).isEqualTo("alice");
        assertThatThrownBy(() -> greeting(application, ticket)).hasMessageContaining("401");
    }

    private static String greeting(Application application, String ticket) {
        return greeting(application, ticket, "https://app.example");
    }

    private static String greeting(Application application, String ticket, String origin) {
        return client(ConnectionProvider.newConnection())
                .headers(headers -> headers.set("Origin", origin))
                .websocket()
                .uri(application.uri("ws", "/realtime/socket?ticket=" + ticket))
                .handle((in, out) -> in.receive().asString().take(1))
                .blockFirst(Duration.ofSeconds(30));
    }

    private static HttpClient client(ConnectionProvider connections) {
        return HttpClient.create(connections)
                .protocol(HttpProtocol.H2C)
                .http2Settings(settings -> settings.connectProtocolEnabled(true));
    }
}
