// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.examples.chat.web.ChatApplication;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;

/** In one process. */
class EndOfConnectionTest extends EndOfConnectionScenarios {

    private static final Passwords PASSWORDS = new Passwords();

    @AutoClose
    private static ChatSite site;

    /** With a check of passwords that can take its time. */
    @Configuration(proxyBeanMethods = false)
    @Import(ChatApplication.class)
    static class Site {

        @Bean
        PasswordEncoder passwords() {
            return PASSWORDS;
        }
    }

    private static final class Passwords implements PasswordEncoder {

        private final PasswordEncoder encoder = PasswordEncoderFactories.createDelegatingPasswordEncoder();
        private final CompletableFuture<Void> checking = new CompletableFuture<>();
        private final CompletableFuture<Void> checked = new CompletableFuture<>();
        private volatile boolean held;

        @Override
        public String encode(CharSequence password) {
            return encoder.encode(password);
        }

        @Override
        public boolean matches(CharSequence password, String encoded) {
            if (held) {
                checking.complete(null);
                checked.join();
            }
            return encoder.matches(password, encoded);
        }
    }

    @BeforeAll
    static void startSite() throws Exception {
        site = ChatSite.start(Site.class);
    }

    @Override
    String origin() {
        return site.origin();
    }

    @Test
    void aLoginThatIsUnderWayWhenItsUserIsLockedGetsNoTicket() throws Exception {
        WebUser admin = new WebUser(origin()).logsIn("admin", "ticket");
        WebUser carol = new WebUser(origin());
        PASSWORDS.held = true;
        CompletableFuture<WebUser> login = CompletableFuture.supplyAsync(() -> logIn(carol, "carol"));
        PASSWORDS.checking.join();
        assertThat(lock(admin, "PUT")).isEqualTo(204);
        PASSWORDS.held = false;
        PASSWORDS.checked.complete(null);
        login.join();

        assertThat(carol.post("/ticket/").statusCode()).isEqualTo(403);
        assertThat(lock(admin, "DELETE")).isEqualTo(204);
        assertThat(carol.post("/ticket/").statusCode()).isEqualTo(200);
    }

    /** With PUT, and with DELETE unlocks. */
    private static int lock(WebUser admin, String method) throws Exception {
        return admin.send(admin.request("/locks/carol", "X-CSRF-TOKEN", admin.csrf())
                        .method(method, BodyPublishers.noBody()))
                .statusCode();
    }

    private static WebUser logIn(WebUser user, String username) {
        try {
            return user.logsIn(username, "ticket");
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }
}
