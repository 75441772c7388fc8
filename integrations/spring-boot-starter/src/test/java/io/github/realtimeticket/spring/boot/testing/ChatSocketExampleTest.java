// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

/** What docs/testing.md shows. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "realtime-ticket.gate.paths=/realtime/**")
class ChatSocketExampleTest {

    @LocalServerPort
    int port;

    @Autowired
    Tickets tickets;

    @Autowired
    AtomicLong nanos;

    @Test
    void aTicketOpensOneSocket() {
        Ticket ticket =
                tickets.issue(TicketHolder.of(7, "bob")).toCompletableFuture().join();

        open(ticket).abort();

        assertThatThrownBy(() -> open(ticket)).hasCauseInstanceOf(WebSocketHandshakeException.class);
    }

    @Test
    void aTicketThatIsTooOldOpensNone() {
        Ticket ticket =
                tickets.issue(TicketHolder.of(7, "bob")).toCompletableFuture().join();

        nanos.addAndGet(tickets.timeToLive().toNanos());

        assertThatThrownBy(() -> open(ticket)).hasCauseInstanceOf(WebSocketHandshakeException.class);
    }

    private WebSocket open(Ticket ticket) {
        URI uri = URI.create("ws://localhost:" + port + "/realtime/chat?ticket=" + ticket.reveal());
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(uri, new WebSocket.Listener() {})
                .join();
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Clock {

        @Bean
        AtomicLong nanos() {
            return new AtomicLong();
        }

        @Bean
        TicketStore ticketStore(AtomicLong nanos) {
            return new InMemoryTicketStore(1_000, nanos::get);
        }
    }
}
