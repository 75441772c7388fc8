// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

/** What a plain request to a path with a WebSocket handler does to its ticket, behind Spring Security. */
class WebSocketHandlersTest {

    @Import(SmallApplication.class)
    @RestController
    static class Site {

        @Bean
        HandlerMapping behindAllOthers(SmallApplication application) {
            var handlers = Map.of(
                    "/realtime/page", application.greeting,
                    "/realtime/late", application.greeting,
                    "/realtime/routed/*", application.greeting);
            return new SimpleUrlHandlerMapping(handlers, 5);
        }

        @Bean
        RouterFunction<ServerResponse> router() {
            return RouterFunctions.route(
                    RequestPredicates.GET("/realtime/routed/{room}"),
                    request -> ServerResponse.ok().bodyValue("routed to " + request.pathVariable("room")));
        }

        @GetMapping("/realtime/page")
        @CrossOrigin("https://app.example")
        String page(Principal user) {
            return "page of " + user.getName();
        }
    }

    @AutoClose
    private static Application application;

    private final WebUser stranger = application.user();

    @BeforeAll
    static void start() {
        application = Application.start(Site.class, SmallApplication.PATHS);
    }

    @Test
    void t20_aPlainRequestToAWebSocketHandlerBehindOthersUsesUpNoTicket() throws Exception {
        String ticket = application.issue(TicketHolder.of(1, "alice"));

        HttpResponse<String> get = stranger.get("/realtime/late?ticket=" + ticket);
        HttpResponse<String> post = stranger.send(
                stranger.request("/realtime/late?ticket=" + ticket).POST(BodyPublishers.ofString("a")));
        HttpResponse<String> ofAPage = stranger.get("/realtime/late?ticket=" + ticket, "Origin", "https://app.example");

        assertThat(get.statusCode()).isEqualTo(400);
        assertThat(get.body()).isEqualTo(Refusal.NO_HANDSHAKE.body());
        assertThat(post.body()).isEqualTo(Refusal.NO_HANDSHAKE.body());
        assertThat(ofAPage.body()).isEqualTo(Refusal.NO_HANDSHAKE.body());
        try (var connection = Connection.open(application.uri("ws", "/realtime/late?ticket=" + ticket))) {
            assertThat(connection.next()).isEqualTo("alice");
        }
    }

    @Test
    void whatAnswersBeforeAWebSocketHandlerStillDoes() throws Exception {
        String page = application.issue(TicketHolder.of(1, "alice"));
        String routed = application.issue(TicketHolder.of(1, "alice"));

        HttpResponse<String> answer = stranger.get("/realtime/page?ticket=" + page, "Origin", "https://app.example");

        assertThat(answer.body()).isEqualTo("page of alice");
        assertThat(answer.headers().allValues("Access-Control-Allow-Origin")).containsExactly("https://app.example");
        assertThat(answer.headers().allValues("Vary")).doesNotHaveDuplicates();
        assertThat(stranger.get("/realtime/routed/1?ticket=" + routed).body()).isEqualTo("routed to 1");
        assertError(stranger.get("/realtime/page?ticket=" + page), 401, "unauthorized");
    }
}
