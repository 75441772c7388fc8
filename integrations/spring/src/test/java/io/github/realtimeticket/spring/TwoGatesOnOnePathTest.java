// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.spring.web.ServletAnswer;
import io.github.realtimeticket.spring.web.ServletGate;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A chain of Spring Security and a filter of the application's own, each with a gate and a ticket of its own. */
class TwoGatesOnOnePathTest {

    @Import({SmallApplication.class, RealtimePaths.class})
    @RestController
    static class Guarded {

        private final Queue<String> seen = new ConcurrentLinkedQueue<>();

        @Bean
        FilterRegistrationBean<Filter> second(Tickets tickets) {
            var gate = new ServletGate(
                    Gate.builder(tickets).carrier(TicketCarrier.header()).build());
            var filter = new FilterRegistrationBean<Filter>((request, response, chain) -> {
                seen.add(request.getDispatcherType() + " " + admitted(request));
                Admission admission = gate.admit((HttpServletRequest) request, Optional::empty);
                seen.add(request.getDispatcherType() + " " + admitted(request));
                if (admission instanceof Admission.Refused refused) {
                    ServletAnswer.write((HttpServletResponse) response, refused.reason());
                } else {
                    chain.doFilter(request, response);
                }
            });
            filter.addUrlPatterns("/realtime/*");
            filter.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
            return filter;
        }

        private static String admitted(ServletRequest request) {
            return ServletGate.admitted(request).orElseThrow().holder().username();
        }

        @GetMapping("/realtime/later")
        Callable<String> later(Principal user) {

            return user::getName;
        }
    }

    @Test
    void eachRedeemsOnceHoweverOftenTheRequestIsDispatched() throws Exception {
        try (var application = Application.start(Guarded.class)) {
            String first = application.issue(TicketHolder.of(1, "alice"));
            String second = application.issue(TicketHolder.of(2, "bob"));

            HttpResponse<String> answer =
                    application.user().get("/realtime/later?ticket=" + first, "Realtime-Ticket", second);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("alice");
            assertThat(application.bean(Guarded.class).seen)
                    .containsExactly("REQUEST alice", "REQUEST bob", "ASYNC alice", "ASYNC bob");
            assertThat(application.bean(SmallApplication.Issued.class).redemptions())
                    .isEqualTo(2);
        }
    }
}
