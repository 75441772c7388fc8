// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import static io.github.realtimeticket.spring.graphql.Messages.init;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.spring.security.TicketAuthentication;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import reactor.core.publisher.Mono;

/** A store and an application that say nothing are waited for as long as the interceptor is told, and no longer. */
@ParameterizedClass
@EnumSource
@ExtendWith(OutputCaptureExtension.class)
class GraphQlPatienceTest {

    private static GraphQlSite site;

    /** Makes no user of some, and waits for a store and for users no longer than a test can that waits for its end. */
    @Configuration(proxyBeanMethods = false)
    @Import(GraphQlApplication.class)
    static class Impatient {

        static final TicketHolder NOBODY = TicketHolder.of(3, "nobody");

        @Bean
        TicketGraphQlInterceptor interceptor(Gate gate) {
            return new TicketGraphQlInterceptor(gate)
                    .withUsers(admitted -> admitted.holder().equals(NOBODY)
                            ? Mono.never()
                            : Mono.just(TicketAuthentication.of(admitted, admitted.holder(), List.of())))
                    .withPatience(Duration.ofSeconds(2));
        }
    }

    @BeforeParameterizedClassInvocation
    static void start(Stack stack) {
        site = new GraphQlSite(stack, Impatient.class);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        site.close();
    }

    GraphQlPatienceTest(Stack stack) {
        assertThat(stack).isNotNull();
    }

    @Test
    void whatSaysNothingOpensNothingAndTheLogSaysWhat(CapturedOutput output) throws Exception {
        String users = site.ticket(Impatient.NOBODY);
        String stores = site.ticket();

        assertUnavailable(site, users);
        site.store().hold();
        assertUnavailable(site, stores);

        assertThat(output.getAll())
                .contains("The store has said nothing within PT2S")
                .containsPattern("No user was made of Admitted.* for the ticket \\S+ within PT2S")
                .doesNotContain(users, stores);
        assertThat(site.refusals()).containsExactly(Refusal.FAILED, Refusal.FAILED);
    }

    private static void assertUnavailable(GraphQlSite site, String ticket) throws Exception {
        try (Connection session = site.open()) {
            session.send(init(ticket));

            assertThat(session.closeCode()).isEqualTo(4503);
        }
    }
}
