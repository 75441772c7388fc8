// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.jakarta.TicketConfigurator;
import io.github.realtimeticket.jakarta.TicketFilter;
import jakarta.servlet.DispatcherType;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.socket.server.standard.ServerEndpointExporter;

/** A Jakarta WebSocket in an application of Spring MVC's, opened by the filter of the Jakarta module. */
class ServerEndpointExampleTest {

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Site {

        @Bean
        ServerEndpointExporter endpoints() {
            var endpoints = new ServerEndpointExporter();
            endpoints.setAnnotatedEndpointClasses(Hello.class);
            return endpoints;
        }

        @Bean
        FilterRegistrationBean<TicketFilter> byTicket(Gate gate) {
            var filter = new FilterRegistrationBean<>(TicketFilter.webSockets(gate));
            filter.addUrlPatterns("/jakarta/*");
            filter.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
            return filter;
        }

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.requestMatchers("/jakarta/**")
                            .permitAll()
                            .anyRequest()
                            .authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }
    }

    @ServerEndpoint(value = "/jakarta/hello", configurator = TicketConfigurator.class)
    public static class Hello {

        @OnOpen
        public void greet(Session session) throws IOException {
            session.getBasicRemote()
                    .sendText("Hello " + session.getUserPrincipal().getName());
        }
    }

    @Test
    void aTicketOpensItOnceAndALogoutClosesIt() throws Exception {
        try (var application = Application.start(Site.class)) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            String ticket = alice.ticket();
            try (Connection open = Connection.open(application.uri("ws", "/jakarta/hello?ticket=" + ticket))) {
                assertThat(open.next()).isEqualTo("Hello alice");
                assertThat(Connection.status(application.uri("ws", "/jakarta/hello?ticket=" + ticket)))
                        .isEqualTo(401);

                assertThat(alice.post("/logout").statusCode()).isEqualTo(302);

                assertThat(open.closeCode()).isEqualTo(3000);
            }
        }
    }
}
