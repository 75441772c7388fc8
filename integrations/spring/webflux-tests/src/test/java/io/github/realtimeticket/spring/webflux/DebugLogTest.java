// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.web.RealtimeTicket;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** However much is logged, no log has a ticket that could still open something, and a refusal is explained. */
@ExtendWith(OutputCaptureExtension.class)
class DebugLogTest {

    private static final Pattern CARRIED = Pattern.compile("<b>([A-Za-z0-9_-]{27})</b>");

    @Import(SmallApplication.class)
    @Controller
    static class WithAPage {

        @GetMapping("/page")
        @RealtimeTicket
        String page() {
            return "page";
        }
    }

    @Test
    void noTicketIsInTheLogAndARefusalIsExplained(CapturedOutput output) throws Exception {
        try (var application = Application.start(
                WithAPage.class,
                "debug=true",
                "logging.level.org.springframework.web=trace",
                "logging.level.org.springframework.security=trace",
                "logging.level.io.github.realtimeticket=debug",
                "realtime-ticket.carrier=header",
                SmallApplication.PATHS)) {
            WebUser alice = application.user().logsIn("alice", "ticket");

            String asked = alice.ticket();
            String used = alice.ticket();
            String inPage = WebUser.find(CARRIED, alice.get("/page").body());
            assertThat(alice.get("/realtime/plain", "Realtime-Ticket", used).body())
                    .isEqualTo("alice");
            assertThat(alice.get("/realtime/plain", "Realtime-Ticket", used).statusCode())
                    .isEqualTo(401);
            assertThat(alice.get("/realtime/plain").statusCode()).isEqualTo(401);
            assertThat(alice.post("/ticket/", "Origin", "https://evil.example").statusCode())
                    .isEqualTo(403);

            assertThat(output.getAll())
                    .doesNotContain(asked)
                    .doesNotContain(used)
                    .doesNotContain(inPage)
                    .contains("401: NOTHING for the ticket ")
                    .contains("401: MISSING")
                    .contains("403: The request comes from a page of another origin");
        }
    }
}
