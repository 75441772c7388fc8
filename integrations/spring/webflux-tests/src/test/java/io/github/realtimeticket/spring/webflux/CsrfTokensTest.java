// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.csrf.CookieServerCsrfTokenRepository;

/** A page whose script takes the token, without its mask, from a cookie. */
class CsrfTokensTest {

    private static final String TOKEN = "0b2c6e5e-7a3d-4c1e-9a51-6f0d5b2a7c11";
    private static final String FORM = "application/x-www-form-urlencoded";

    @Import(SmallApplication.class)
    static class WithACookie {

        @Bean
        SecurityWebFilterChain security(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges.anyExchange().authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .csrf(csrf -> csrf.csrfTokenRepository(CookieServerCsrfTokenRepository.withHttpOnlyFalse()))
                    .build();
        }
    }

    @AutoClose
    private static Application application;

    @BeforeAll
    static void start() {
        application = Application.start(WithACookie.class);
    }

    @Test
    void theTokenOfTheCookieIsAProofAndNoOtherIs() throws Exception {
        assertThat(post("", "X-XSRF-TOKEN", TOKEN).statusCode()).isEqualTo(200);
        assertError(post("", "X-XSRF-TOKEN", TOKEN.replace('0', '1')), 403, "forbidden");
        assertError(post("", "X-XSRF-TOKEN", ""), 403, "forbidden");
        assertError(post("", "X-Other", TOKEN), 403, "forbidden");
    }

    @Test
    void theTokenOfAFormIsAProofAndABodyThatDoesNotParseIsBad() throws Exception {
        assertThat(post("_csrf=" + TOKEN, "Content-Type", FORM).statusCode()).isEqualTo(200);
        assertError(post("a=%zz", "Content-Type", FORM), 400, "bad request");
        assertError(post("_csrf=" + TOKEN, "Content-Type", FORM + "; charset=nonsense"), 403, "forbidden");
    }

    private static HttpResponse<String> post(String body, String... headers) throws Exception {
        var user = application.user();
        return user.send(user.request("/ticket/", headers)
                .header("Authorization", "Basic YWxpY2U6dGlja2V0")
                .header("Cookie", "XSRF-TOKEN=" + TOKEN)
                .POST(BodyPublishers.ofString(body)));
    }
}
