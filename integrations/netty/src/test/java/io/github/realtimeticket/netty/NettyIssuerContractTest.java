// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import static io.github.realtimeticket.fixtures.StoreWithRedis.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Leaks;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.fixtures.WebIssuer;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.IssuerContract;
import java.io.IOException;
import java.net.URI;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NettyIssuerContractTest {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    @Nested
    class InMemory extends IssuerContract {
        @Override
        protected RunningIssuer serve(Issuer issuer) {
            return start(issuer);
        }
    }

    @Nested
    class InRedis extends InMemory {
        @Override
        protected TicketStore store(LongSupplier unused) throws IOException {
            return new StoreWithRedis(
                    uri -> RedisTicketStore.builder(uri).timeout(PATIENCE).build());
        }
    }

    @Test
    void aLogoutEndsTheTicketsOfItsLoginAlone() throws Exception {
        TicketStore store = TicketStore.inMemory();
        Revocations revocations = Revocations.inMemory();
        Gate gate = Gate.of(Tickets.builder(store).revocations(revocations).build());

        try (var server = IssuingServer.start(store, revocations, 0)) {
            String root = "http://127.0.0.1:" + server.port();
            WebUser alice = new WebUser(root).logsIn("alice", "none");
            WebUser elsewhere = new WebUser(root).logsIn("alice", "none");
            Ticket ticket = Ticket.parse(alice.ticket()).orElseThrow();
            Ticket other = Ticket.parse(elsewhere.ticket()).orElseThrow();

            assertThat(alice.post("/logout").statusCode()).isEqualTo(200);

            assertThat(alice.post("/ticket/").statusCode()).isEqualTo(401);
            assertThat(gate.admit(ticket).toCompletableFuture().join())
                    .isEqualTo(new Admission.Refused(Refusal.REVOKED));
            assertThat(gate.admit(other).toCompletableFuture().join()).isInstanceOf(Admission.Admitted.class);
        }
    }

    static IssuerContract.RunningIssuer start(Issuer issuer) {
        var server = new IssuingServer(issuer, Revocations.inMemory(), 0);
        return new WebIssuer(URI.create("http://127.0.0.1:" + server.port() + "/ticket/"), server::close);
    }
}
