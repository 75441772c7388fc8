// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.SmallApplication;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.Principal;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application that a ticket opens everywhere, even where tickets are issued. */
class TicketOnlyTest {

    @Import(SmallApplication.class)
    @RestController
    static class TicketsOnly {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.cors(Customizer.withDefaults())
                    .authorizeHttpRequests(requests -> requests.requestMatchers("/open")
                            .permitAll()
                            .anyRequest()
                            .authenticated())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }

        @GetMapping("/who")
        String who(Principal user) {
            return user.getName();
        }

        @GetMapping("/open")
        @CrossOrigin("https://app.example")
        String open(Principal user) {
            return user.getName();
        }
    }

    @AutoClose
    private static Application application;

    private static WebUser browser;

    @BeforeAll
    static void start() {
        application = Application.start(TicketsOnly.class);
        browser = application.user();
    }

    private static String ticket() {
        return application.issue(TicketHolder.of(1, "alice"));
    }

    private static HttpResponse<String> preflight(String path) throws Exception {
        return browser.preflight(path, "https://app.example", "GET");
    }

    @Test
    void aTicketDoesNotRenewItself() throws Exception {
        HttpResponse<String> answer =
                browser.send(browser.request("/ticket/?ticket=" + ticket(), "Origin", browser.origin())
                        .POST(BodyPublishers.noBody()));

        assertError(answer, 401, "unauthorized");
    }

    @Test
    void aPreflightUsesUpNoTicketAndIsNobodys() throws Exception {
        String ticket = ticket();

        HttpResponse<String> closed = preflight("/who?ticket=" + ticket);
        HttpResponse<String> open = preflight("/open?ticket=" + ticket);
        HttpResponse<String> later = browser.get("/open?ticket=" + ticket);

        assertThat(closed.headers().map()).doesNotContainKey("access-control-allow-origin");
        assertThat(open.statusCode()).isEqualTo(200);
        assertThat(open.headers().allValues("Access-Control-Allow-Origin")).containsExactly("https://app.example");
        assertThat(later.body()).isEqualTo("alice");
    }
}
