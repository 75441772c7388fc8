// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;

/** The clients of a Spring application in which users log in and out, a session and an HTTP request each, 64 at once. */
final class Logins implements AutoCloseable {

    private static final int AT_ONCE = 64;
    private static final Pattern SESSION = Pattern.compile("JSESSIONID=([^;]+)");

    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String root;

    /** Of the application on this port. */
    Logins(int port) {
        root = "http://127.0.0.1:" + port;
    }

    /** Starts the application, with tickets and revocations in this Redis, and answers its port. */
    static int serve(String redis) {
        return new SpringApplicationBuilder(Site.class)
                .web(WebApplicationType.SERVLET)
                .run(
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--spring.main.banner-mode=off",
                        "--spring.security.user.name=alice",
                        "--spring.security.user.password=ticket",
                        "--realtime-ticket.store=redis",
                        "--realtime-ticket.redis.url=" + redis,
                        "--realtime-ticket.revocations.enabled=true")
                .getEnvironment()
                .getRequiredProperty("local.server.port", Integer.class);
    }

    /** Logs in so many times, and answers the ids of the sessions. */
    List<String> logIn(int times) {
        List<CompletableFuture<String>> all = IntStream.range(0, times)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> {
                            String cookie = post("/login", "", "username=alice&password=ticket")
                                    .headers()
                                    .firstValue("Set-Cookie")
                                    .orElseThrow();
                            Matcher session = SESSION.matcher(cookie);
                            if (!session.find()) {
                                throw new IllegalStateException(cookie);
                            }
                            return session.group(1);
                        },
                        threads))
                .toList();
        return all.stream().map(CompletableFuture::join).toList();
    }

    /** Logs out of this session, and says when that was asked for, as {@link System#nanoTime} does. */
    CompletableFuture<Long> logOut(String session) {
        return CompletableFuture.supplyAsync(
                () -> {
                    long asked = System.nanoTime();
                    HttpResponse<String> unused = post("/logout", "JSESSIONID=" + session, "");
                    return asked;
                },
                threads);
    }

    private HttpResponse<String> post(String path, String cookie, String form) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + path))
                .header("Cookie", cookie)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 302
                    || answer.headers().firstValue("Location").orElse("error").contains("error")) {
                throw new IllegalStateException(path + " is answered with " + answer.statusCode());
            }
            return answer;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Site {

        /** None that takes time, as that takes which Spring Security makes of an unencoded password at the first login. */
        @Bean
        PasswordEncoder passwords() {
            return new PasswordEncoder() {
                @Override
                public String encode(@Nullable CharSequence password) {
                    return String.valueOf(password);
                }

                @Override
                public boolean matches(@Nullable CharSequence password, @Nullable String encoded) {
                    return encode(password).equals(encoded);
                }
            };
        }

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .csrf(AbstractHttpConfigurer::disable)
                    .formLogin(Customizer.withDefaults())
                    .build();
        }
    }
}
