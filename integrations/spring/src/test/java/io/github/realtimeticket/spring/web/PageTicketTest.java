// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.SmallApplication;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
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
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.view.RedirectView;

/** Pages that carry their first ticket. */
class PageTicketTest {

    private static final Pattern CARRIED = Pattern.compile("\\[<b>([A-Za-z0-9_-]*)</b>]");

    @Import({SmallApplication.class, Annotated.class, Bare.class})
    static class Pages {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @Bean
        Issuer behindAProxy(Tickets tickets) {
            return Issuer.builder(tickets).origin("https://app.example").build();
        }
    }

    @Controller
    @RealtimeTicket
    static class Annotated {

        @GetMapping("/thymeleaf")
        String thymeleaf() {
            return "with-thymeleaf";
        }

        @GetMapping("/mustache")
        String mustache() {
            return "with-mustache";
        }

        @GetMapping("/later")
        Callable<String> later() {
            return () -> "with-thymeleaf";
        }

        @GetMapping("/redirect")
        String redirect() {
            return "redirect:/bare";
        }

        @GetMapping("/redirect-view")
        RedirectView redirectView() {
            return new RedirectView("/bare");
        }

        @GetMapping("/forward")
        String forward() {
            return "forward:/bare";
        }

        @GetMapping("/body")
        @ResponseBody
        String body() {
            return "[<b></b>]";
        }
    }

    @Controller
    static class Bare {

        @GetMapping("/bare")
        String bare() {
            return "with-thymeleaf";
        }

        @RealtimeTicket
        @GetMapping("/one")
        String one() {
            return "with-mustache";
        }
    }

    @AutoClose
    private static Application application;

    private static RemoteStore store;
    private static Deque<TicketValue> issued;
    private static WebUser alice;

    @BeforeAll
    static void start() throws Exception {
        application = Application.start(Pages.class);
        store = application.bean(RemoteStore.class);
        issued = application.bean(SmallApplication.Issued.class).values();
        alice = application.user().logsIn("alice", "ticket");
    }

    @BeforeEach
    void reset() {
        store.up();
        issued.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/thymeleaf", "/mustache", "/later", "/one"})
    void anAnnotatedPageCarriesATicketForItsUser(String path) throws Exception {
        HttpResponse<String> page = alice.get(path);

        Ticket ticket = Ticket.parse(carried(page)).orElseThrow();
        assertThat(page.body()).contains("(<i>" + ticket + "</i>)");
        assertThat(application.redeem(ticket)).contains(TicketHolder.of("alice", "alice"));
        assertThat(issued).hasSize(1);
        assertThat(issued.getLast().binding().origin()).isEqualTo("https://app.example");
        assertThat(page.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(page.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bare", "/redirect", "/redirect-view", "/forward", "/body"})
    void nothingIsIssuedForAnythingElse(String path) throws Exception {
        HttpResponse<String> page = alice.get(path);

        assertThat(page.statusCode()).isIn(200, 302, 303);
        assertThat(issued).isEmpty();
        assertThat(page.headers().firstValue("Location").orElse("")).doesNotContain("realtime_ticket");
        if (page.statusCode() == 200) {
            assertThat(carried(page)).isEmpty();
        }
    }

    @Test
    void aPageThatIsNotShownToTheUserNowGetsNoTicket() throws Exception {
        HttpResponse<String> head = alice.send(alice.request("/thymeleaf").method("HEAD", BodyPublishers.noBody()));
        HttpResponse<String> prefetched = alice.get("/thymeleaf", "Sec-Purpose", "prefetch");
        HttpResponse<String> elsewhere =
                alice.get("/thymeleaf", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(carried(prefetched)).isEmpty();
        assertThat(carried(elsewhere)).isEmpty();
        assertThat(issued).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/thymeleaf", "/mustache"})
    void anAnonymousUsersPageRendersWithoutATicket(String path) throws Exception {
        HttpResponse<String> page = application.user().get(path);

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(carried(page)).isEmpty();
        assertThat(page.body()).contains("(<i></i>)");
        assertThat(issued).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/thymeleaf", "/mustache"})
    void aPageRendersWithoutATicketWhenTheStoreIsDown(String path) throws Exception {
        store.down();

        HttpResponse<String> page = alice.get(path);

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(carried(page)).isEmpty();
        assertThat(page.body()).contains("(<i></i>)");
    }

    @Test
    void aScriptOfThePageGetsTheTicketAsAString() throws Exception {
        HttpResponse<String> page = alice.get("/thymeleaf");

        assertThat(page.body()).contains("const carried = \"" + carried(page) + "\";");
    }

    @Test
    void everyRenderingHasATicketOfItsOwn() throws Exception {
        String first = carried(alice.get("/thymeleaf"));
        String second = carried(alice.get("/thymeleaf"));

        assertThat(first).hasSize(27).isNotEqualTo(second);
    }

    private static String carried(HttpResponse<String> page) {
        Matcher carried = CARRIED.matcher(page.body());
        assertThat(carried.find()).as(page.body()).isTrue();
        return carried.group(1);
    }
}
