// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import io.github.realtimeticket.spring.web.TicketGrants;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The user comes from the servlet container, or whatever else sets the request's principal. */
@ExtendWith(OutputCaptureExtension.class)
class WithoutSpringSecurityTest {

    @SpringBootConfiguration
    @EnableAutoConfiguration(
            exclude = {
                ServletWebSecurityAutoConfiguration.class,
                SecurityFilterAutoConfiguration.class,
                ManagementWebSecurityAutoConfiguration.class,
                UserDetailsServiceAutoConfiguration.class,
                RealtimeTicketSecurityAutoConfiguration.class
            })
    static class Plain {

        @Bean
        Filter login() {
            return (request, response, chain) -> {
                String user = ((HttpServletRequest) request).getHeader("X-User");
                chain.doFilter(
                        new HttpServletRequestWrapper((HttpServletRequest) request) {
                            @Override
                            public Principal getUserPrincipal() {
                                return user == null ? null : () -> user;
                            }
                        },
                        response);
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Plain.class)
    static class WithItsOwnMapper {

        @Bean
        TicketGrants numbers() {
            return (user, request) -> user.getName().equals("guest")
                    ? java.util.Optional.empty()
                    : java.util.Optional.of(
                            TicketGrant.to(TicketHolder.of(7, user.getName()).withAttributes(Map.of("team", "red"))));
        }
    }

    @Test
    void theRequestsPrincipalGetsATicketIfTheBrowserShowsThatThePageIsOurs() throws Exception {
        try (var application = Application.start(Plain.class)) {
            WebUser browser = application.user();

            HttpResponse<String> own = browser.post("/ticket/", "X-User", "alice", "Origin", browser.origin());
            HttpResponse<String> site = browser.post("/ticket/", "X-User", "alice", "Sec-Fetch-Site", "same-origin");
            HttpResponse<String> silent = browser.post("/ticket/", "X-User", "alice");
            HttpResponse<String> foreign =
                    browser.post("/ticket/", "X-User", "alice", "Origin", "https://evil.example");
            HttpResponse<String> program = browser.post("/ticket/", "X-User", "alice", "Authorization", "Bearer abc");
            HttpResponse<String> nobody = browser.post("/ticket/", "Origin", browser.origin());

            assertThat(own.statusCode()).isEqualTo(200);
            assertThat(site.statusCode()).isEqualTo(200);
            assertThat(program.statusCode()).isEqualTo(200);
            assertError(silent, 403, "forbidden");
            assertError(foreign, 403, "forbidden");
            assertError(nobody, 401, "unauthorized");
        }
    }

    @Test
    void partsThatDoNotParseAreNoFaultOfTheServer(CapturedOutput output) throws Exception {
        try (var application = Application.start(Plain.class)) {
            WebUser browser = application.user();

            HttpResponse<String> own = browser.post(
                    "/ticket/", "X-User", "alice", "Origin", browser.origin(), "Content-Type", "multipart/form-data");
            HttpResponse<String> foreign =
                    browser.post("/ticket/", "Origin", "https://evil.example", "Content-Type", "multipart/form-data");

            assertError(own, 400, "bad request");
            assertError(foreign, 403, "forbidden");
        }
        assertThat(output.getAll()).doesNotContain("ERROR").doesNotContain("\tat ");
    }

    @Test
    void aStrangersFormIsNotReadForATicket() throws Exception {
        try (var application = Application.start(Plain.class)) {
            for (String length : List.of("Content-Length: 100000000", "Transfer-Encoding: chunked")) {
                try (var client = new Wire(application.port())) {
                    // The body never comes.
                    client.send("POST /ticket/ HTTP/1.1\r\nHost: localhost\r\n"
                            + "Content-Type: application/x-www-form-urlencoded\r\n" + length + "\r\n\r\n");
                    assertThat(client.answer().status()).as(length).isEqualTo(401);
                }
            }
        }
    }

    @Test
    void aBeanOfTheApplicationSaysWhomATicketStandsFor() throws Exception {
        try (var application = Application.start(WithItsOwnMapper.class)) {
            WebUser browser = application.user();

            String ticket = browser.ticket("X-User", "alice", "Origin", browser.origin());
            HttpResponse<String> guest = browser.post("/ticket/", "X-User", "guest", "Origin", browser.origin());

            assertThat(application.redeem(
                            io.github.realtimeticket.Ticket.parse(ticket).orElseThrow()))
                    .contains(TicketHolder.of(7, "alice").withAttributes(Map.of("team", "red")));
            assertError(guest, 401, "unauthorized");
        }
    }
}
