// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/**
 * What every backend must pass, in whatever language: a server that redeems tickets in the query, tried from outside over bare
 * sockets.
 *
 * <p>To an admitted WebSocket it sends the holder's username as the first text message. A server for plain requests, whose address
 * starts with {@code http:}, answers 200 with the username in the body. Its name as an audience is {@value #AUDIENCE}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendContract {

    /** The name of the backend. */
    protected static final String AUDIENCE = "chat";

    /** The origin of the page. */
    protected static final String ORIGIN = "https://app.example";

    /** The address of the guarded endpoint: {@code ws://127.0.0.1:port/path} or {@code http://127.0.0.1:port/path}. */
    protected abstract URI uri();

    /** A ticket in the store that the server asks. */
    protected abstract Ticket issue(TicketHolder holder, TicketBinding binding) throws Exception;

    /** A ticket that was good, and has expired. */
    protected abstract Ticket expired() throws Exception;

    /** How often the server has asked the store for a ticket. */
    protected abstract int asked() throws Exception;

    /** Takes the store out of the server's reach, or puts it back and returns when the server has noticed. */
    protected abstract void outOfReach(boolean outOfReach) throws Exception;

    /** The text messages that a client sends first, where a protocol on top of WebSocket wants some; none by default. */
    protected List<String> says() {
        return List.of();
    }

    /** The username in a text message or a body of the server, if it is there; by default, the whole of it. */
    protected Optional<String> username(String message) {
        return Optional.of(message);
    }

    /** Whether a refusal has the protocol's body and headers, which some frameworks have no way to send. */
    protected boolean saysWhy() {
        return true;
    }

    /** Whether this ticket opens a connection for alice; otherwise it must be refused as one that the store does not have. */
    protected final boolean admits(Ticket ticket) throws Exception {
        Opening opening = open("ticket=" + ticket.reveal());
        if (opening.status() >= 300) {
            assertRefused(opening, Refusal.NOTHING);
            return false;
        }
        assertAdmitted(opening, "alice");
        return true;
    }

    /** The status of an attempt to open a connection with this text as ticket. */
    protected final int status(String ticket, String... headerLines) throws Exception {
        return open("ticket=" + ticket, headerLines).status();
    }

    final Ticket issue(String username) throws Exception {
        return issue(TicketHolder.of(1, username), binding());
    }

    final Ticket issue(TicketBinding binding) throws Exception {
        return issue(TicketHolder.of(1, "alice"), binding);
    }

    final TicketBinding binding() {
        return TicketBinding.none().withAudience(AUDIENCE);
    }

    final Opening open(String query, String... headerLines) throws Exception {
        return open(uri(), query, headerLines);
    }

    final Opening open(URI endpoint, String query, String... headerLines) throws Exception {
        return Opening.of(endpoint, greeting(), query, headerLines);
    }

    final Opening.Greeting greeting() {
        return new Opening.Greeting(says(), this::username);
    }

    final boolean isWebSocket() {
        return uri().getScheme().equals("ws");
    }

    final void assertAdmitted(Opening opening, String username) {
        boolean socket = isWebSocket();
        assertThat(opening.status()).as(opening.text()).isEqualTo(socket ? 101 : 200);
        assertThat(socket ? Optional.of(opening.text()) : username(opening.text()))
                .contains(username);
    }

    final void assertRefused(Opening opening, Refusal reason) {
        assertThat(opening.status()).as("status for %s", reason).isEqualTo(reason.status());
        if (saysWhy()) {
            assertSaysWhy(opening, reason);
        }
    }

    private static void assertSaysWhy(Opening opening, Refusal reason) {
        assertThat(opening.text()).isEqualTo(reason.body());
        // Behind the type a framework may name a charset, and it may forbid caches more.
        assertThat(opening.header("Content-Type")).singleElement(STRING).startsWith("application/json");
        assertThat(opening.header("Cache-Control")).singleElement(STRING).contains("no-store");
        if (reason.status() == 401) {
            assertThat(opening.header("WWW-Authenticate")).containsExactly("Ticket");
        }
    }

    @AfterEach
    void storeComesBack() throws Exception {
        outOfReach(false);
    }

    @Nested
    class WhatBecomesOfATicket extends TicketScenarios {
        WhatBecomesOfATicket() {
            super(BackendContract.this);
        }
    }

    @Nested
    class WhatATicketIsBoundTo extends BindingScenarios {
        WhatATicketIsBoundTo() {
            super(BackendContract.this);
        }
    }

    @Nested
    class WhichRequestsHaveOne extends RequestScenarios {
        WhichRequestsHaveOne() {
            super(BackendContract.this);
        }
    }
}
