// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.testkit.GateContract;
import java.net.URI;
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

    static GateContract.RunningServer start(String scheme, String path, Supplier<TicketHandler> gate) {
        return new Served(new GatedServer(gate, "chat"), scheme, path);
    }

    record Served(GatedServer server, String scheme, String path) implements GateContract.RunningServer {

        @Override
        public URI uri() {
            return URI.create(scheme + "://127.0.0.1:" + server.port + path);
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
