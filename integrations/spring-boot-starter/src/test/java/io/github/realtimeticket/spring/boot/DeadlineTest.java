// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Connections that have reached their deadline. */
class DeadlineTest {

    private static final Pattern TICKET = Pattern.compile("([A-Za-z0-9_-]{27})");

    @Test
    void t17_aConnectionIsClosedAtItsGreatestAge() throws Exception {
        try (var application = start("2s")) {
            String ticket = application.user().logsIn("alice", "ticket").ticket();
            Instant before = Instant.now();

            try (Connection open = Connection.open(socket(application, ticket))) {
                assertThat(open.closeCode()).isEqualTo(3000);
                assertThat(Instant.now()).isAfterOrEqualTo(before.plusMillis(1_900));
            }
        }
    }

    @Test
    void t17_aConnectionIsClosedWhenTheTokenEndsThatItsTicketWasIssuedFor() throws Exception {
        try (var application = start("2h")) {
            WebUser dave = application.user();
            // As long as it takes to open a connection here.
            for (int seconds = 2; ; seconds *= 2) {
                Instant end = Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS);
                HttpResponse<String> answer =
                        dave.post("/ticket/", "Authorization", "Bearer " + LoginSite.token("dave", "s-1", end));
                assertThat(answer.statusCode()).isIn(200, 401);
                if (answer.statusCode() == 200) {
                    try (Connection open = Connection.open(socket(application, WebUser.find(TICKET, answer.body())))) {
                        if (open.status() == 101) {
                            assertThat(open.closeCode()).isEqualTo(3000);
                            assertThat(Instant.now()).isAfterOrEqualTo(end.minusMillis(100));
                            return;
                        }
                    }
                }
                assertThat(seconds).isLessThan(60);
            }
        }
    }

    private static Application start(String maximumAge) {
        return Application.start(
                LoginSite.class,
                "realtime-ticket.gate.paths=/realtime/**",
                "realtime-ticket.connection.maximum-age=" + maximumAge);
    }

    private static URI socket(Application application, String ticket) {
        return application.uri("ws", "/realtime/socket?ticket=" + ticket);
    }
}
