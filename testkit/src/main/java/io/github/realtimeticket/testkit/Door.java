// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import java.net.URI;

/** The door of a backend that scenarios knock at, and what it may answer. */
final class Door {

    private final BackendContract backend;

    Door(BackendContract backend) {
        this.backend = backend;
    }

    URI uri() {
        return backend.uri();
    }

    Ticket issue(String username) throws Exception {
        return backend.issue(TicketHolder.of(1, username), binding());
    }

    Ticket issue(TicketBinding binding) throws Exception {
        return backend.issue(TicketHolder.of(1, "alice"), binding);
    }

    TicketBinding binding() {
        return TicketBinding.none().withAudience(BackendContract.AUDIENCE);
    }

    Ticket expired() throws Exception {
        return backend.expired();
    }

    int asked() throws Exception {
        return backend.asked();
    }

    void outOfReach(boolean outOfReach) throws Exception {
        backend.outOfReach(outOfReach);
    }

    Opening open(String query, String... headerLines) throws Exception {
        return Opening.of(uri(), new Opening.Greeting(backend.says(), backend::username), query, headerLines);
    }

    void assertAdmitted(Opening opening, String username) {
        int expected = uri().getScheme().equals("ws") ? 101 : 200;
        assertThat(opening.status()).as(opening.text()).isEqualTo(expected);
        assertThat(opening.text()).isEqualTo(username);
    }

    void assertRefused(Opening opening, Refusal reason) {
        assertThat(opening.status()).as("status for %s", reason).isEqualTo(reason.status());
        if (backend.saysWhy()) {
            assertSaysWhy(opening, reason);
        }
    }

    private static void assertSaysWhy(Opening opening, Refusal reason) {
        assertThat(opening.text()).isEqualTo(reason.body());
        assertThat(opening.header("Content-Type")).singleElement().satisfies(type -> assertThat(type)
                .startsWith("application/json"));
        assertThat(opening.header("Cache-Control")).singleElement().satisfies(control -> assertThat(control)
                .contains("no-store"));
        if (reason.status() == 401) {
            assertThat(opening.header("WWW-Authenticate")).containsExactly("Ticket");
        }
    }
}
