// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.jdbc.JdbcTicketStore;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A logout in one process closes what its tickets have opened in another, over a database that both share. */
@Timeout(120)
class JdbcLogoutTest {

    @Test
    void aLogoutInOneProcessClosesAConnectionInAnother() throws Exception {
        String[] properties = {
            "realtime-ticket.gate.paths=/realtime/**",
            "realtime-ticket.store=jdbc",
            "realtime-ticket.jdbc.timeout=10s",
            "realtime-ticket.revocations.enabled=true",
            "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1"
        };
        try (var one = Application.start(LoginSite.class, properties);
                var another = Application.start(LoginSite.class, properties)) {
            assertThat(one.bean(Revocations.class))
                    .isSameAs(one.bean(JdbcTicketStore.class).revocations());
            WebUser alice = one.user().logsIn("alice", "ticket");
            WebUser bob = one.user().logsIn("bob", "ticket");
            String outstanding = alice.ticket();
            try (Connection alices = open(another, alice);
                    Connection bobs = open(another, bob)) {

                assertThat(alice.post("/logout").statusCode()).isEqualTo(302);

                assertThat(Connection.status(another.uri("ws", "/realtime/socket?ticket=" + outstanding)))
                        .isEqualTo(401);
                assertThat(alices.closeCode()).isEqualTo(3000);
                assertEchoes(bobs);
            }
        }
    }

    private static Connection open(Application application, WebUser user) throws Exception {
        Connection connection = Connection.open(application.uri("ws", "/realtime/socket?ticket=" + user.ticket()));
        assertEchoes(connection);
        return connection;
    }

    private static void assertEchoes(Connection connection) throws Exception {
        connection.send("hello");
        assertThat(connection.next()).isEqualTo("hello");
    }
}
