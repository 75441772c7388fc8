// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.WebIssuer;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.IssuerContract;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NettyIssuerContractTest {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    @AutoClose
    private static Redis redis;

    @BeforeAll
    static void start() throws IOException {
        redis = new Redis();
    }

    @Nested
    class InMemory extends IssuerContract {
        @Override
        protected RunningIssuer serve(TicketStore store, Set<String> allowedOrigins) {
            return start(store, allowedOrigins);
        }
    }

    @Nested
    class InRedis extends InMemory {
        @Override
        protected TicketStore store(LongSupplier unused) {
            return RedisTicketStore.builder(redis.uri())
                    .timeout(Duration.ofSeconds(10))
                    .build();
        }
    }

    @Test
    void aLogoutEndsTheTicketsOfItsLoginAlone() throws Exception {
        TicketStore store = TicketStore.inMemory();
        Revocations revocations = Revocations.inMemory();
        Gate gate = Gate.of(Tickets.builder(store).revocations(revocations).build());

        try (var server = new IssuingServer(store, revocations, Set.of(), 0)) {
            String root = "http://127.0.0.1:" + server.port();
            WebUser alice = login(root, "alice");
            WebUser elsewhere = login(root, "alice");
            Ticket ticket = Ticket.parse(alice.ticket()).orElseThrow();
            Ticket other = Ticket.parse(elsewhere.ticket()).orElseThrow();

            assertThat(alice.post("/logout").statusCode()).isEqualTo(200);

            assertThat(alice.post("/ticket/").statusCode()).isEqualTo(401);
            assertThat(gate.admit(ticket).toCompletableFuture().join())
                    .isEqualTo(new Admission.Refused(Refusal.REVOKED));
            assertThat(gate.admit(other).toCompletableFuture().join()).isInstanceOf(Admission.Admitted.class);
        }
    }

    static IssuerContract.RunningIssuer start(TicketStore store, Set<String> allowedOrigins) {
        var server = new IssuingServer(store, Revocations.inMemory(), allowedOrigins, 0);
        String root = "http://127.0.0.1:" + server.port();
        return new WebIssuer(URI.create(root + "/ticket/"), name -> login(root, name), server::close);
    }

    private static WebUser login(String root, String username) throws Exception {
        var user = new WebUser(root);
        String form = "user=" + URLEncoder.encode(username, StandardCharsets.UTF_8);
        var unused = user.send(user.request("/login").POST(BodyPublishers.ofString(form)));
        return user.readCsrf();
    }
}
