// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.testkit.IssuerContract;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;

/** A Boot application with a login form keeps the contract of an issuer, with no setting but the store and allowed origins. */
class SpringIssuerContractTest extends IssuerContract {

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Anybody {

        @Bean
        UserDetailsService users() {
            return username ->
                    User.withUsername(username).password("{noop}ticket").build();
        }
    }

    @Override
    protected RunningIssuer serve(TicketStore store, Set<String> allowedOrigins) {
        return new Served(new SpringApplicationBuilder(Anybody.class)
                .initializers(beans ->
                        ((GenericApplicationContext) beans).registerBean("store", TicketStore.class, () -> store))
                .properties(Map.of(
                        "server.port", "0",
                        "server.address", "127.0.0.1",
                        "spring.main.banner-mode", "off",
                        "spring.main.register-shutdown-hook", "false",
                        "realtime-ticket.allowed-origins", String.join(",", allowedOrigins)))
                .run());
    }

    private record Served(ConfigurableApplicationContext application) implements RunningIssuer {

        private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

        @Override
        public URI uri() {
            return URI.create("http://127.0.0.1:"
                    + application.getEnvironment().getRequiredProperty("local.server.port") + "/ticket/");
        }

        @Override
        public Login login(String username) throws IOException, InterruptedException {
            var cookies = new CookieManager();
            HttpClient browser = HttpClient.newBuilder().cookieHandler(cookies).build();
            String form = "username=" + URLEncoder.encode(username, StandardCharsets.UTF_8) + "&password=ticket&_csrf="
                    + csrf(browser);
            HttpResponse<String> answer = send(
                    browser,
                    loginPage()
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString(form)));
            if (answer.headers().firstValue("Location").orElse("error").contains("error")) {
                throw new IllegalStateException("The login failed");
            }
            String proof = "X-CSRF-TOKEN: " + csrf(browser);
            List<String> session = cookies.getCookieStore().getCookies().stream()
                    .map(cookie -> "Cookie: " + cookie.getName() + "=" + cookie.getValue())
                    .toList();
            return new Login(session, List.of(proof));
        }

        private String csrf(HttpClient browser) throws IOException, InterruptedException {
            Matcher found = CSRF.matcher(send(browser, loginPage()).body());
            if (!found.find()) {
                throw new IllegalStateException("The login page has no CSRF token");
            }
            return found.group(1);
        }

        private HttpRequest.Builder loginPage() {
            return HttpRequest.newBuilder(uri().resolve("/login"));
        }

        private static HttpResponse<String> send(HttpClient browser, HttpRequest.Builder request)
                throws IOException, InterruptedException {
            return browser.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
        }

        @Override
        public void close() {
            application.close();
        }
    }
}
