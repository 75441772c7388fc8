// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.testkit.GateContract;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** Quarkus keeps the contract of a gate. */
@QuarkusTest
@TestProfile(ChosenGate.Profile.class)
class QuarkusGateContractTest {

    private static URI chat;

    @TestHTTPResource("/chat")
    URI address;

    @Test
    void theContractOfAGateIsKept() {
        chat = address;

        Contracts.assertKept(InMemory.class);
    }

    @Test
    void theContractOfAGateIsKeptWithTicketsInRedis() {
        chat = address;

        Contracts.assertKept(InRedis.class);
    }

    static class InMemory extends GateContract {

        @Override
        protected RunningServer serve(Gate gate) {
            URI chosen = ChosenGate.addressOf(gate, chat);
            return RunningServer.of(() -> chosen, () -> {});
        }

        @Override
        protected Optional<String> username(String message) {
            return Optional.of(message.substring("Hello ".length()));
        }
    }

    static class InRedis extends InMemory {
        @Override
        protected TicketStore store(LongSupplier unused) throws IOException {
            return new StoreWithRedis(Site::patient);
        }
    }
}
