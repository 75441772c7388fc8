// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketGrant.Granted;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketLogin;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.mock.web.server.MockWebSession;
import reactor.core.publisher.Mono;

/** Sessions whose id another login changes just when a ticket is bound to them. */
class LoginGrantsTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    private static final Granted GRANT = TicketGrant.to(ALICE);

    @Test
    void t16_aTicketIsBoundToTheVeryIdThatWasCompared() throws Exception {
        var grants = LoginGrants.bound((user, request) -> Optional.of(GRANT), true, true);
        var request = new MockHttpServletRequest();
        request.setSession(new ChangingSession());
        var answer = new AtomicInteger();

        Revocations revocations = Revocations.inMemory();
        var start = new LoginStart(revocations, new SessionEnds(new Revoker(revocations)));
        start.doFilter(request, new MockHttpServletResponse(), (noting, response) -> {
            var asked = (HttpServletRequest) noting;
            assertThat(asked.getSession(false)).isNotNull();
            assertBound(grants.grant(ALICE, asked));
            answer.incrementAndGet();
        });

        assertThat(answer).hasValue(1);
    }

    @Test
    void t16_soItIsInWebFlux() {
        var grants = ReactiveLoginGrants.bound((user, exchange) -> Mono.just(GRANT), true, true);
        var session = new ChangingWebSession();
        session.start();
        var exchange = MockServerWebExchange.builder(MockServerHttpRequest.post("/ticket/"))
                .session(session)
                .build();
        var bound = new AtomicReference<TicketGrant>();
        Revocations revocations = Revocations.inMemory();
        var start = new LoginWebFilter(revocations, new Revoker(revocations), unused -> Mono.just(session));

        start.filter(exchange, noting -> grants.grant(ALICE, noting)
                        .doOnNext(bound::set)
                        .then())
                .block();

        assertBound(Optional.ofNullable(bound.get()));
    }

    private static void assertBound(Optional<? extends TicketGrant> grant) {
        assertThat(grant).hasValueSatisfying(bound -> assertThat(((Granted) bound).session())
                .isEqualTo(TicketLogin.session("before")));
    }

    // Read once when the request begins and once when its user is granted a ticket.
    private static String id(int reading) {
        return reading <= 2 ? "before" : "after";
    }

    private static final class ChangingSession extends MockHttpSession {

        private int readings;

        @Override
        public String getId() {
            return id(++readings);
        }
    }

    private static final class ChangingWebSession extends MockWebSession {

        private int readings;

        @Override
        public String getId() {
            return id(++readings);
        }
    }
}
