// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.test;

import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;
import static io.github.realtimeticket.spring.test.TicketRequestPostProcessors.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.spring.security.TicketAuthentication;
import io.github.realtimeticket.spring.security.TicketAuthenticationConverter;
import jakarta.servlet.Filter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.AnnotationConfigUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.GenericWebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

class TicketRequestPostProcessorsTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");

    @Configuration(proxyBeanMethods = false)
    @EnableWebMvc
    @EnableWebSecurity
    @RestController
    static class Application {

        @Bean
        Tickets tickets() {
            return Tickets.builder(TicketStore.inMemory()).audience("chat").build();
        }

        @Bean
        TicketAuthenticationConverter users() {
            return TicketAuthenticationConverter.toHolderWithAuthorities();
        }

        @Bean
        SecurityFilterChain realtime(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.requestMatchers("/realtime/admin")
                            .hasRole("ADMIN")
                            .anyRequest()
                            .authenticated())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }

        @GetMapping({"/realtime/name", "/realtime/admin"})
        String name(TicketAuthentication user, String room) {
            return user.getName() + " in " + room;
        }
    }

    static Stream<TicketCarrier> carriers() {
        return Stream.of(
                TicketCarrier.query(),
                TicketCarrier.query("t"),
                TicketCarrier.subprotocol(),
                TicketCarrier.header(),
                TicketCarrier.header("X-Ticket"));
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void aRequestIsAdmittedWhereverTheGateLooks(TicketCarrier carrier) {
        MockMvcTester mvc = application(carrier, "chat");

        assertThat(mvc.get().uri("/realtime/name").with(ticket(ALICE))).hasStatusOk();
        assertThat(mvc.get().uri("/realtime/name?room=lobby").with(ticket(ALICE)))
                .hasBodyTextEqualTo("alice in lobby");
        assertThat(mvc.get().uri("/realtime/name")).hasStatus(401);
    }

    @Test
    void eachRequestHasATicketOfItsOwnHoweverManyThereAre() {
        MockMvcTester mvc = application(TicketCarrier.query(), "chat");
        RequestPostProcessor alice = ticket(ALICE);

        for (int i = 0; i < 100; i++) {
            assertThat(mvc.get().uri("/realtime/name").with(alice)).hasStatusOk();
        }
    }

    @Test
    void theApplicationsOwnGateStillRefuses() {
        MockMvcTester ours = application(TicketCarrier.query(), "chat");
        MockMvcTester another = application(TicketCarrier.query(), "news");

        assertThat(another.get().uri("/realtime/name").with(ticket(ALICE))).hasStatus(403);
        assertThat(ours.get().uri("/realtime/name").with(ticket(ALICE)).with(ticket(ALICE)))
                .hasStatus(401);
    }

    @Test
    void aGrantSaysWhatTheHolderMayDoAndWhere() {
        MockMvcTester mvc = application(TicketCarrier.query(), "chat");
        TicketGrant.Granted admin = TicketGrant.to(ALICE).withAuthorities(List.of("ROLE_ADMIN"));

        assertThat(mvc.get().uri("/realtime/admin").with(ticket(ALICE))).hasStatus(403);
        assertThat(mvc.get().uri("/realtime/admin").with(ticket(admin))).hasStatusOk();
        assertThat(mvc.get().uri("/realtime/admin").with(ticket(admin.withAudience("news"))))
                .hasStatus(403);
    }

    @Test
    void whereNoTicketCanBeIssuedTheRequestFails() {
        MockMvcTester ours = application(TicketCarrier.query(), "chat");
        MockMvcTester alone = MockMvcTester.of(new Application());
        TicketHolder tooBig = ALICE.withAttributes(Map.of("much", "x".repeat(100_000)));

        assertThat(ours.get().uri("/realtime/name").with(ticket(tooBig)))
                .failure()
                .hasMessageContaining("No ticket was issued");
        assertThat(alone.get().uri("/realtime/name").with(ticket(ALICE)))
                .failure()
                .hasMessageContaining("No qualifying bean of type 'io.github.realtimeticket.Tickets'");
    }

    private static MockMvcTester application(TicketCarrier carrier, String audience) {
        var context = new GenericWebApplicationContext(new MockServletContext());
        AnnotationConfigUtils.registerAnnotationConfigProcessors(context);
        context.registerBean(Application.class);
        context.registerBean(Gate.class, () -> Gate.builder(context.getBean(Tickets.class))
                .carrier(carrier)
                .audience(audience)
                .build());
        context.refresh();
        Filter security = context.getBean("springSecurityFilterChain", Filter.class);
        return MockMvcTester.from(context, mvc -> mvc.addFilters(security).build());
    }
}
