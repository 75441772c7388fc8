// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/** A login that ends between the moment in which a request's user is read and the moment in which a ticket is issued. */
class SlowRequestTest {

    private static final Pattern ON_THE_PAGE = Pattern.compile("([A-Za-z0-9_-]{27})");

    private static volatile Consumer<HttpServletRequest> onceRead = request -> {};
    private static Application application;

    @Import(SmallApplication.class)
    @Controller
    static class Site {

        @Bean
        FilterRegistrationBean<Filter> behindSpringSecurity() {
            return new FilterRegistrationBean<>((request, response, chain) -> {
                onceRead.accept((HttpServletRequest) request);
                chain.doFilter(request, response);
            });
        }

        @Bean
        UserDetailsService users() {
            return username ->
                    User.withUsername(username).password("{noop}ticket").build();
        }

        @GetMapping("/invalidate")
        @ResponseBody
        String invalidate(HttpSession session) {
            session.invalidate();
            return "gone";
        }
    }

    @BeforeAll
    static void start() {
        application = Application.start(Site.class, "realtime-ticket.gate.paths=/realtime/**");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void hurry() {
        onceRead = request -> {};
    }

    @Test
    void aSessionThatEndsWhileTheBodyArrivesGetsNoTicket() throws Exception {
        WebUser alice = application.user().logsIn("alice", "ticket");
        var read = new CountDownLatch(1);
        onceRead = request -> read.countDown();
        try (var slow = new Wire(application.port())) {
            beginToAsk(slow, alice);
            assertThat(read.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(alice.get("/invalidate").body()).isEqualTo("gone");

            slow.send("4");

            assertThat(slow.answer().status()).isEqualTo(401);
        }
    }

    @Test
    void aSessionThatIsAnotherLoginsWhenTheBodyHasArrivedGetsNoTicket() throws Exception {
        WebUser browser = application.user().logsIn("alice", "ticket");
        var read = new CountDownLatch(1);
        onceRead = request -> read.countDown();
        try (var slow = new Wire(application.port())) {
            beginToAsk(slow, browser);
            assertThat(read.await(60, TimeUnit.SECONDS)).isTrue();
            WebUser carol = browser.logsIn("carol", "ticket");

            slow.send("4");

            assertThat(slow.answer().status()).isEqualTo(401);
            assertThat(carol.get("/realtime/who?ticket=" + carol.ticket()).body())
                    .isEqualTo("carol");
        }
    }

    @Test
    void aSessionThatGetsAnotherIdFromTheRequestItselfGetsATicket() throws Exception {
        WebUser alice = application.user().logsIn("alice", "ticket");
        onceRead = HttpServletRequest::changeSessionId;

        String ticket = alice.ticket();

        hurry();
        assertThat(status(alice, ticket)).isEqualTo(200);
    }

    @Test
    void t16_aSessionThatTheRequestBeginsAfterTheEndOfItsLoginIsNoLogin() throws Exception {
        WebUser alice = application.user().logsIn("alice", "ticket");
        onceRead = request -> {
            request.getSession().invalidate();
            HttpSession unused = request.getSession();
        };

        assertThat(alice.post("/ticket/").statusCode()).isEqualTo(401);
    }

    @Test
    void aUserWhoIsRevokedOnceReadGetsATicketThatOpensNothing() throws Exception {
        WebUser alice = application.user().logsIn("alice", "ticket");
        onceRead = request -> lockAlice();

        String asked = alice.ticket();
        String onThePage = WebUser.find(ON_THE_PAGE, alice.get("/page").body());

        hurry();
        assertThat(status(alice, asked)).isEqualTo(401);
        assertThat(status(alice, onThePage)).isEqualTo(401);
        assertThat(status(alice, alice.ticket())).isEqualTo(200);
    }

    /** All of it but the last byte. */
    private static void beginToAsk(Wire slow, WebUser user) throws IOException {
        slow.send("POST /ticket/ HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nCookie: " + cookies(user)
                + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\na=1&b=23");
    }

    private static void lockAlice() {
        application.context().publishEvent(Revocation.holder("alice"));
    }

    private static int status(WebUser user, String ticket) throws Exception {
        return user.get("/realtime/who?ticket=" + ticket).statusCode();
    }

    private static String cookies(WebUser user) {
        return user.cookies().stream()
                .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }
}
