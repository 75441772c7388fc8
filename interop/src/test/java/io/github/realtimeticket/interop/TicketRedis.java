// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.redis.TicketKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real Redis, and stores of tickets in it. */
public final class TicketRedis extends Redis {

    private final List<RedisTicketStore> stores = new ArrayList<>();

    public TicketRedis() throws IOException {}

    public RedisTicketStore store(TicketKeys keys) {
        RedisTicketStore store = RedisTicketStore.builder(uri())
                .keys(keys)
                .timeout(Duration.ofSeconds(10))
                .build();
        stores.add(store);
        return store;
    }

    public Tickets tickets(TicketKeys keys) {
        return Tickets.of(store(keys));
    }

    public Tickets tickets(TicketKeys keys, Revocations revocations) {
        return Tickets.builder(store(keys)).revocations(revocations).build();
    }

    public Gate gate(TicketKeys keys) {
        return Gate.of(tickets(keys));
    }

    @Override
    public void close() throws IOException {
        stores.forEach(RedisTicketStore::close);
        super.close();
    }
}
