// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketListener;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.web.RealtimeTicket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.reactive.result.view.RedirectView;
import org.springframework.web.reactive.result.view.Rendering;
import org.springframework.web.reactive.result.view.View;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Pages of a reactive application that carry their first ticket. */
class PageTicketTest {

    private static final Pattern CARRIED = Pattern.compile("\\[<b>([A-Za-z0-9_-]*)</b>]");

    @Import({SmallApplication.class, Annotated.class, Bare.class})
    static class Pages {

        @Bean
        SecurityWebFilterChain security(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges.anyExchange().permitAll())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }
    }

    @Controller
    @RealtimeTicket
    static class Annotated {

        @GetMapping("/name")
        String name() {
            return "page";
        }

        @GetMapping("/mustache")
        String mustache() {
            return "with-mustache";
        }

        @GetMapping("/later")
        Mono<String> later() {
            return Mono.just("page").delayElement(Duration.ofMillis(1));
        }

        @GetMapping("/rendering")
        Mono<Rendering> rendering() {
            return Mono.just(Rendering.view("page").build());
        }

        @GetMapping("/future")
        CompletableFuture<String> future() {
            return CompletableFuture.completedFuture("page");
        }

        @GetMapping("/page")
        Mono<Void> byPath() {
            return Mono.empty();
        }

        @GetMapping("/redirect")
        Mono<String> redirect(Model model) {
            model.addAttribute("color", "red");
            return Mono.just("redirect:/bare");
        }

        @GetMapping("/redirect-view")
        View redirectView() {
            return new RedirectView("/bare");
        }

        @GetMapping("/redirect-rendering")
        Rendering redirectRendering() {
            return Rendering.redirectTo("/bare").build();
        }

        @GetMapping("/body")
        @ResponseBody
        String body() {
            return "[<b></b>]";
        }

        @GetMapping("/own")
        Mono<Void> own(ServerWebExchange exchange) {
            return exchange.getResponse().setComplete();
        }
    }

    @Controller
    static class Bare {

        @GetMapping("/bare")
        String bare() {
            return "page";
        }

        @RealtimeTicket
        @GetMapping("/one")
        String one() {
            return "page";
        }
    }

    @AutoClose
    private static Application application;

    private static final RemoteStore STORE = new RemoteStore();
    private static final Deque<TicketValue> ISSUED = new ConcurrentLinkedDeque<>();
    private static WebUser alice;

    @BeforeAll
    static void start() throws Exception {
        TicketListener listener = event -> {
            if (event instanceof TicketEvent.Issued issued) {
                ISSUED.add(issued.value());
            }
        };
        application = Application.start(
                Pages.class,
                Map.of("store", STORE, "listener", listener),
                "realtime-ticket.origin=https://app.example",
                "realtime-ticket.limit.enabled=false");
        alice = application.user().logsIn("alice", "ticket");
    }

    @BeforeEach
    void reset() {
        STORE.up();
        ISSUED.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/name", "/mustache", "/later", "/rendering", "/future", "/page", "/one"})
    void anAnnotatedPageCarriesATicketForItsUser(String path) throws Exception {
        HttpResponse<String> page = alice.get(path);

        Ticket ticket = Ticket.parse(carried(page)).orElseThrow();
        assertThat(application.redeem(ticket)).contains(TicketHolder.of("alice", "alice"));
        assertThat(ISSUED).hasSize(1);
        assertThat(ISSUED.getLast().binding().origin()).isEqualTo("https://app.example");
        assertThat(page.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(page.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bare", "/redirect", "/redirect-view", "/redirect-rendering", "/body", "/own"})
    void nothingIsIssuedForAnythingElse(String path) throws Exception {
        HttpResponse<String> page = alice.get(path);

        assertThat(page.statusCode()).isIn(200, 302, 303);
        assertThat(ISSUED).isEmpty();
        assertThat(page.headers().firstValue("Location").orElse("")).doesNotContain("realtime_ticket");
    }

    @Test
    void aPageThatIsNotShownToTheUserNowGetsNoTicket() throws Exception {
        HttpResponse<String> head = alice.send(alice.request("/name").method("HEAD", BodyPublishers.noBody()));
        HttpResponse<String> prefetched = alice.get("/name", "Sec-Purpose", "prefetch");
        HttpResponse<String> elsewhere =
                alice.get("/name", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(carried(prefetched)).isEmpty();
        assertThat(carried(elsewhere)).isEmpty();
        assertThat(ISSUED).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/name", "/mustache"})
    void anAnonymousUsersPageRendersWithoutATicketOrASession(String path) throws Exception {
        HttpResponse<String> page = application.user().get(path);

        assertThat(carried(page)).isEmpty();
        assertThat(page.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(ISSUED).isEmpty();
    }

    @Test
    void aPageRendersWithoutATicketWhenTheStoreIsDown() throws Exception {
        STORE.down();

        HttpResponse<String> page = alice.get("/name");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(carried(page)).isEmpty();
    }

    private static String carried(HttpResponse<String> page) {
        return WebUser.find(CARRIED, page.body());
    }
}
