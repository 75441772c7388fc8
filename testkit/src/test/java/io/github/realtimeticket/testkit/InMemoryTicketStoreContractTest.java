// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.TicketStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class InMemoryTicketStoreContractTest extends TicketStoreContract {

    private final AtomicLong nanos = new AtomicLong();
    private final TicketStore store = new InMemoryTicketStore(InMemoryTicketStore.DEFAULT_MAXIMUM, nanos::get);

    @Override
    protected TicketStore store() {
        return store;
    }

    @Override
    protected void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
