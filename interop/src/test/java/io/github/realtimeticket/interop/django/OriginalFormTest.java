// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A Django site as the original package has it, with gates in compatible mode. */
class OriginalFormTest extends DjangoTest {

    OriginalFormTest() {
        super(Form.ORIGINAL);
    }

    @Test
    void theStoreHasTheTicketItselfAndTheBareValue() throws Exception {
        redis().cli().flushall();
        String ticket = site().user(1).ticket();

        assertThat(UUID.fromString(ticket)).hasToString(ticket);
        assertThat(redis().cli().get(ticket)).isEqualTo("{\"id\": 1, \"username\": \"alice\"}");
    }

    @Test
    void theAnswersAreThoseOfTheOriginal() throws Exception {
        DjangoUser nobody = new DjangoUser(site().origin());
        assertThat(nobody.get("/login/").statusCode()).isEqualTo(200);

        HttpResponse<String> issued = site().user(1).askForATicket();
        HttpResponse<String> loggedOut = nobody.askForATicket();

        assertThat(issued.body()).matches("\\{\"status\": \"ok\", \"message\": \"[0-9a-f-]{36}\"\\}");
        assertThat(loggedOut.body()).isEqualTo("{\"status\": \"error\", \"message\": \"Not logged in\"}");
    }

    @Test
    void aTicketMayComeFromAnywhere() throws Exception {
        for (Backend backend : backends()) {
            assertThat(backend.open(site().user(1).ticket(), "https://evil.example")
                            .status())
                    .isEqualTo(101);
        }
    }
}
