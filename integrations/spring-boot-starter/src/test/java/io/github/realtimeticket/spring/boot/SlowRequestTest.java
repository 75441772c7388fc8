// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpSession;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

/** A login that ends between the moment in which a request's user is read and the moment in which a ticket is issued. */
class SlowRequestTest {

    private static final Pattern ON_THE_PAGE = Pattern.compile("([A-Za-z0-9_-]{27})");

    private static volatile Runnable onceRead = () -> {};
    private static Application application;

    @Import(SmallApplication.class)
    @Controller
    static class Site {

        @Bean
        FilterRegistrationBean<Filter> behindSpringSecurity() {
            return new FilterRegistrationBean<>((request, response, chain) -> {
                onceRead.run();
                chain.doFilter(request, response);
            });
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
        onceRead = () -> {};
    }

    @Test
    void aSessionThatEndsWhileTheBodyArrivesGetsNoTicket() throws Exception {
        WebUser alice = application.user().logsIn("alice", "ticket");
        var read = new CountDownLatch(1);
        onceRead = read::countDown;
        try (var slow = new Wire(application.port())) {
            slow.send("POST /ticket/ HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nCookie: "
                    + cookies(alice) + "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: 9\r\n\r\na=1&b=23");
            assertThat(read.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(alice.get("/invalidate").body()).isEqualTo("gone");

            slow.send("4");

            assertThat(slow.answer().status()).isEqualTo(401);
        }
    }

    @Test
    void aUserWhoIsRevokedOnceReadGetsATicketThatOpensNothing() throws Exception {
        WebUser alice = application.user().logsIn("alice", "ticket");
        onceRead = SlowRequestTest::lockAlice;

        String asked = alice.ticket();
        String onThePage = WebUser.find(ON_THE_PAGE, alice.get("/page").body());

        hurry();
        assertThat(status(alice, asked)).isEqualTo(401);
        assertThat(status(alice, onThePage)).isEqualTo(401);
        assertThat(status(alice, alice.ticket())).isEqualTo(200);
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
