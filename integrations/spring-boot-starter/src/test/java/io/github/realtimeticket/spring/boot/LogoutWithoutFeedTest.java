// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListener;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A user can log out while nobody can be told of it, and it is told later. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class LogoutWithoutFeedTest {

    /** A feed that can be cut: it fails, or does not answer. */
    private static final class CutFeed implements Revocations {

        private final Revocations whole = Revocations.inMemory();
        private volatile @Nullable CompletionStage<Void> answer;

        @Override
        public CompletionStage<Void> revoke(Revocation revocation) {
            CompletionStage<Void> cut = answer;
            return cut == null ? whole.revoke(revocation) : cut;
        }

        @Override
        public Listening listen(RevocationListener listener) {
            return whole.listen(listener);
        }

        @Override
        public @Nullable String revision() {
            return whole.revision();
        }

        @Override
        public boolean isCurrent() {
            return answer == null;
        }
    }

    @Test
    void aLogoutGoesOnAndItsConnectionsAreClosedWhenTheFeedIsBack(CapturedOutput output) throws Exception {
        var feed = new CutFeed();
        try (var application =
                Application.start(LoginSite.class, Map.of("feed", feed), "realtime-ticket.gate.paths=/realtime/**")) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            WebUser bob = application.user().logsIn("bob", "ticket");
            WebUser carol = application.user().logsIn("carol", "ticket");
            String outstanding = alice.ticket();
            try (Connection alices = open(application, alice);
                    Connection bobs = open(application, bob);
                    Connection carols = open(application, carol)) {
                feed.answer = CompletableFuture.failedFuture(new TicketStoreException("The feed is cut", null));

                assertThat(alice.post("/logout").statusCode()).isEqualTo(302);
                assertThat(bob.post("/logout").statusCode()).isEqualTo(302);
                assertThat(Connection.status(application.uri("ws", "/realtime/socket?ticket=" + outstanding)))
                        .isEqualTo(503);
                assertThat(warnings(output)).isEqualTo(1);

                feed.answer = null;
                assertThat(alices.closeCode()).isEqualTo(3000);
                assertThat(bobs.closeCode()).isEqualTo(3000);

                var silent = new CompletableFuture<Void>();
                feed.answer = silent;
                assertThat(carol.post("/logout").statusCode()).isEqualTo(302);
                feed.answer = null;
                silent.completeExceptionally(new TicketStoreException("The feed has said nothing", null));
                assertThat(carols.closeCode()).isEqualTo(3000);
            }
        }
    }

    @Test
    void whatWasNeverToldIsSaidWhenTheApplicationEndsAndSoItIsOfSessionsThatEndWithIt(CapturedOutput output)
            throws Exception {
        var feed = new CutFeed();
        try (var application = Application.start(LoginSite.class, Map.of("feed", feed))) {
            WebUser alice = logsInAndGetsATicket(application, "alice");
            logsInAndGetsATicket(application, "bob");
            logsInAndGetsATicket(application, "carol");
            feed.answer = CompletableFuture.failedFuture(new TicketStoreException("The feed is cut", null));

            assertThat(alice.post("/logout").statusCode()).isEqualTo(302);
        }

        assertThat(output)
                .containsOnlyOnce("1 revocations of ended logins were never told")
                .containsOnlyOnce("Logins have ended with the application");
    }

    @Test
    void aSessionThatOutlivesTheApplicationIsNotRevokedWithIt(CapturedOutput output, @TempDir Path sessions)
            throws Exception {
        var feed = new CutFeed();
        try (var application = Application.start(
                LoginSite.class,
                Map.of("feed", feed),
                "server.servlet.session.persistent=true",
                "server.servlet.session.store-dir=" + sessions)) {
            logsInAndGetsATicket(application, "alice");
            feed.answer = CompletableFuture.failedFuture(new TicketStoreException("The feed is cut", null));
        }

        assertThat(sessions).isDirectoryRecursivelyContaining("glob:**/SESSIONS.ser");
        assertThat(output).doesNotContain("Logins have ended with the application", "could not be told");
    }

    @CanIgnoreReturnValue
    private static WebUser logsInAndGetsATicket(Application application, String username) throws Exception {
        WebUser user = application.user().logsIn(username, "ticket");
        assertThat(user.post("/ticket/").statusCode()).isEqualTo(200);
        return user;
    }

    private static Connection open(Application application, WebUser user) throws Exception {
        Connection connection = Connection.open(application.uri("ws", "/realtime/socket?ticket=" + user.ticket()));
        connection.send("hello");
        assertThat(connection.next()).isEqualTo("hello");
        return connection;
    }

    private static long warnings(CapturedOutput output) {
        return output.getOut()
                .lines()
                .filter(line -> line.contains("could not be told"))
                .count();
    }
}
