// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** An application with Spring Security that adds the dependency and not one line of its own. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"spring.security.user.name=alice", "spring.security.user.password=ticket"})
class StarterInASecuredApplicationTest {

    static final Pattern OK =
            Pattern.compile("\\{\"status\":\"ok\",\"message\":\"([A-Za-z0-9_-]{27})\",\"expires_in\":10}");

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {}

    @LocalServerPort
    int port;

    @Autowired
    Tickets tickets;

    @Test
    void aLoggedInUserGetsATicketThatStandsForThatUser() throws Exception {
        Browser alice = new Browser(port).logsIn("alice", "ticket");

        HttpResponse<String> answer = alice.post("/ticket/");

        assertThat(answer.statusCode()).isEqualTo(200);
        Matcher body = OK.matcher(answer.body());
        assertThat(body.matches()).as(answer.body()).isTrue();
        Ticket ticket = Ticket.parse(body.group(1)).orElseThrow();
        assertThat(tickets.redeem(ticket).toCompletableFuture().get()).contains(TicketHolder.of("alice", "alice"));
        assertThat(tickets.redeem(ticket).toCompletableFuture().get()).isEmpty();
    }
}
