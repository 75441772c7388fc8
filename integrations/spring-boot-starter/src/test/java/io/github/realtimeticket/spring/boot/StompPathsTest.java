// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.spring.boot.StompPeer.connect;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** What is open to everybody so that a ticket can be shown in {@code CONNECT}, and what is not. */
class StompPathsTest {

    @AutoClose
    private static Application application;

    /** With a chain of its own that knows no CORS, and a servlet below which the paths are called as those of STOMP are. */
    @Import(StompApplication.class)
    static class WithAnotherServlet {

        @Bean
        SecurityFilterChain others(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .httpBasic(Customizer.withDefaults())
                    .build();
        }

        @Bean
        ServletRegistrationBean<HttpServlet> other() {
            return new ServletRegistrationBean<>(new Secret(), "/other/*", "/sockjs/secret/*");
        }
    }

    private static final class Secret extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().write("secret");
        }
    }

    @BeforeAll
    static void start() {
        application = Application.start(WithAnotherServlet.class, "realtime-ticket.gate.stomp=true");
    }

    @Test
    void anotherServletIsNotOpenedByAPathThatLooksLikeStomps() throws Exception {
        WebUser stranger = application.user();

        for (String path : List.of(
                "/other/me",
                "/other/stomp",
                "/other/sockjs/info",
                "/sockjs/secret/sockjs",
                "/sockjs/secret/000/1/xhr")) {
            assertThat(stranger.get(path).statusCode()).as(path).isEqualTo(401);
        }
        assertThat(application
                        .user()
                        .logsIn("alice", "ticket")
                        .get("/other/stomp")
                        .body())
                .isEqualTo("secret");
    }

    @Test
    void theEndpointsAreOpenForATicket() throws Exception {
        for (StompPeer.Way way : List.of(StompPeer.Way.WEBSOCKET, StompPeer.Way.XHR_STREAMING)) {
            try (StompPeer peer = StompPeer.open(application.uri("http", "/"), way)) {
                peer.send(connect("ticket:" + application.issue(TicketHolder.of(1, "alice"))));

                assertThat(peer.next()).startsWith("CONNECTED\n");
            }
        }
    }

    @Test
    void aPreflightOfAnAllowedPageIsAnsweredAsSockJsAnswersIt() throws Exception {
        HttpResponse<String> allowed = preflight("/sockjs-of-pages/000/1/xhr_send", "https://app.example");

        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).hasValue("https://app.example");
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Credentials"))
                .hasValue("true");
        assertThat(preflight("/sockjs-of-pages/info", "https://app.example").statusCode())
                .isEqualTo(200);
    }

    @Test
    void aPreflightOfAnotherPageOrForAnotherPathIsNot() throws Exception {
        HttpResponse<String> other = preflight("/sockjs-of-pages/000/1/xhr_send", "https://other.example");

        assertThat(other.statusCode()).isEqualTo(403);
        assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(preflight("/me", "https://app.example").headers().firstValue("Access-Control-Allow-Origin"))
                .isEmpty();
    }

    private static HttpResponse<String> preflight(String path, String origin) throws Exception {
        return application.user().preflight(path, origin, "POST", "Access-Control-Request-Headers", "x-own");
    }
}
