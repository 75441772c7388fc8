// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.webflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.reactive.server.SecurityMockServerConfigurers.mockUser;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webflux.test.autoconfigure.WebFluxTest;
import org.springframework.test.web.reactive.server.WebTestClient;

/** What docs/webflux.md shows. */
@WebFluxTest(properties = "realtime-ticket.gate.paths=/realtime/**")
class ChatPagesExampleTest {

    @Autowired
    WebTestClient client;

    @Test
    void thePageCarriesATicket() {
        client.mutateWith(mockUser("alice"))
                .get()
                .uri("/")
                .exchange()
                .expectBody(String.class)
                .value(page -> assertThat(page).containsPattern("realtime-ticket\" content=\"[\\w-]{27}\""));
    }

    @Test
    void whoeverIsLoggedInGetsATicket() {
        client.mutateWith(mockUser("alice"))
                .post()
                .uri("/ticket/")
                .header("Sec-Fetch-Site", "same-origin")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("ok");
        client.post().uri("/ticket/").exchange().expectStatus().isUnauthorized();
    }

    @Test
    void aPathOfTicketsIsOpenedByNothingElse() {
        client.mutateWith(mockUser("alice"))
                .get()
                .uri("/realtime/listen")
                .exchange()
                .expectStatus()
                .isUnauthorized();
    }
}
