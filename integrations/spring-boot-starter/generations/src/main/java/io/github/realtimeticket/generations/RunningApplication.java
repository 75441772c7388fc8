// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.generations;

import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The small application on a free port, and a browser with a session in it. */
final class RunningApplication implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
    private static final Pattern TICKET = Pattern.compile("\"message\":\"([^\"]{27})\"");

    private final ConfigurableApplicationContext context;
    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    private RunningApplication(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static RunningApplication start(String... properties) {
        return new RunningApplication(new SpringApplicationBuilder(SmallApplication.class)
                .properties(Map.of(
                        "server.port", "0",
                        "server.address", "127.0.0.1",
                        "spring.main.banner-mode", "off",
                        "spring.security.user.name", "alice",
                        "spring.security.user.password", "ticket",
                        "realtime-ticket.gate.paths", "/realtime/**"))
                .properties(properties)
                .run());
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    void logIn() throws Exception {
        HttpResponse<String> answer = http.send(
                request("/login")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("username=alice&password=ticket&_csrf=" + csrf()))
                        .build(),
                BodyHandlers.ofString());
        if (!answer.headers().firstValue("Location").orElse("").endsWith("/")) {
            throw new IllegalStateException("The login failed: " + answer.statusCode());
        }
    }

    HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path) throws Exception {
        return http.send(
                request(path)
                        .header("X-CSRF-TOKEN", csrf())
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    String ticket() throws Exception {
        HttpResponse<String> answer = post("/ticket/");
        Matcher ticket = TICKET.matcher(answer.body());
        if (!ticket.find()) {
            throw new IllegalStateException("No ticket was issued: " + answer.statusCode());
        }
        return ticket.group(1);
    }

    /** The first message of a WebSocket. */
    String greeting(String path) throws Exception {
        var greeting = new CompletableFuture<String>();
        WebSocket socket = http.newWebSocketBuilder()
                .buildAsync(uri("ws", path), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                        greeting.complete(text.toString());
                        return greeting;
                    }
                })
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        try {
            return greeting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }

    private String csrf() throws Exception {
        Matcher token = CSRF.matcher(get("/login").body());
        return token.find() ? token.group(1) : "";
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri("http", path)).timeout(PATIENCE);
    }

    private URI uri(String scheme, String path) {
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        return URI.create(scheme + "://127.0.0.1:" + port + path);
    }

    @Override
    public void close() {
        context.close();
    }
}
