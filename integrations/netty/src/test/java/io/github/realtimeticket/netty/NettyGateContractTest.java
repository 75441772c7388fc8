// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import static io.github.realtimeticket.fixtures.StoreWithRedis.PATIENCE;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Leaks;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.GateContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import java.io.IOException;
import java.net.URI;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

class NettyGateContractTest {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    @Nested
    class WebSockets extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return start("ws", "/chat", () -> TicketHandler.webSockets(gate, "/chat"));
        }
    }

    @Nested
    class WebSocketsAmongOtherRequests extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return start("ws", "/chat", () -> TicketHandler.of(gate, "/"));
        }
    }

    @Nested
    class PlainRequests extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return start("http", "/events", () -> TicketHandler.of(gate, "/events"));
        }
    }

    @Nested
    class WithTicketsInRedis extends WebSockets {
        @Override
        protected TicketStore store(LongSupplier unused) throws IOException {
            return new StoreWithRedis(
                    uri -> RedisTicketStore.builder(uri).timeout(PATIENCE).build());
        }
    }

    static RunningServer start(String scheme, String path, Supplier<TicketHandler> gate) {
        return served(new GatedServer(gate, "chat"), scheme, path);
    }

    static RunningServer served(GatedServer server, String scheme, String path) {
        return RunningServer.of(() -> URI.create(scheme + "://127.0.0.1:" + server.port + path), server::close);
    }
}
