// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.authorization.EnableMultiFactorAuthentication;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.web.SecurityFilterChain;

/** Whoever has passed one of two factors is not logged in yet, on a page for everybody too. */
class FactorsTest {

    @Import(SmallApplication.class)
    static class OneFactor {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }
    }

    @EnableMultiFactorAuthentication(
            authorities = {FactorGrantedAuthority.PASSWORD_AUTHORITY, FactorGrantedAuthority.OTT_AUTHORITY})
    @Import(OneFactor.class)
    static class TwoFactors {}

    @Test
    void oneFactorIsEnoughWhereOneIsAsked() throws Exception {
        try (var application = Application.start(OneFactor.class)) {
            WebUser alice = application.user().logsIn("alice", "ticket");

            assertThat(alice.get("/page").body()).matches("(?s).*<b>[A-Za-z0-9_-]{27}</b>.*");
            assertThat(alice.post("/ticket/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void oneOfTwoFactorsGetsNoTicketOnAnyPageNorAtTheEndpoint() throws Exception {
        try (var application = Application.start(TwoFactors.class)) {
            WebUser alice = application.user().logsIn("alice", "ticket");

            HttpResponse<String> page = alice.get("/page");
            HttpResponse<String> endpoint = alice.post("/ticket/");

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("<b></b>");
            assertThat(endpoint.statusCode()).isEqualTo(401);
        }
    }
}
