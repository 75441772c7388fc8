// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.web.RealtimeTicket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/** With {@code --debug}, no log has a ticket that could still open something, and a refusal is explained. */
@ExtendWith(OutputCaptureExtension.class)
class DebugLogTest {

    private static final Pattern CARRIED = Pattern.compile("<b>([A-Za-z0-9_-]{27})</b>");

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Pages.class)
    static class Plain {}

    @Controller
    static class Pages {

        @RealtimeTicket
        @GetMapping("/mustache")
        String mustache() {
            return "with-mustache";
        }

        @RealtimeTicket
        @GetMapping("/thymeleaf")
        String thymeleaf() {
            return "with-thymeleaf";
        }

        @GetMapping("/realtime/who")
        @ResponseBody
        String who() {
            return "who";
        }
    }

    @Test
    void noTicketIsInTheLogAndARefusalIsExplained(CapturedOutput output) throws Exception {
        try (var application = Application.start(
                Plain.class,
                "debug=true",
                "logging.level.org.springframework.web=trace",
                "logging.level.org.springframework.security=trace",
                "logging.level.io.github.realtimeticket=debug",
                "realtime-ticket.gate.paths=/realtime/**",
                "realtime-ticket.carrier=header")) {
            WebUser alice = application.user().logsIn("alice", "ticket");

            String asked = alice.ticket();
            String used = alice.ticket();
            String inMustache = carried(alice.get("/mustache").body());
            String inThymeleaf = carried(alice.get("/thymeleaf").body());
            assertThat(alice.get("/realtime/who", "Realtime-Ticket", used).body())
                    .isEqualTo("who");
            assertThat(alice.get("/realtime/who", "Realtime-Ticket", used).statusCode())
                    .isEqualTo(401);
            assertThat(alice.get("/realtime/who").statusCode()).isEqualTo(401);
            assertThat(alice.post("/ticket/", "Origin", "https://evil.example").statusCode())
                    .isEqualTo(403);

            assertThat(output.getAll())
                    .doesNotContain(asked)
                    .doesNotContain(used)
                    .doesNotContain(inMustache)
                    .doesNotContain(inThymeleaf)
                    .contains("401: NOTHING for the ticket ")
                    .contains("401: MISSING")
                    .contains("403: The request comes from a page of another origin");
        }
    }

    private static String carried(String page) {
        Matcher carried = CARRIED.matcher(page);
        assertThat(carried.find()).as(page).isTrue();
        return carried.group(1);
    }
}
