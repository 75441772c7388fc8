// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_METHOD)
class InMemoryRevocationsContractTest extends RevocationsContract {

    private final Side process = new InMemory(TicketStore.inMemory(), Revocations.inMemory());

    private record InMemory(TicketStore store, Revocations revocations) implements Side {
        @Override
        public void close() {}
    }

    @Override
    protected Side process() {
        return process;
    }
}
