// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.testkit.ConnectionContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.WebSocketConnectionContract;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;

/** Every way into a reactive application ends with the login. */
class WebFluxConnectionContractTest {

    @Nested
    class AWebSocketBehindSpringSecurity extends WebSockets {
        AWebSocketBehindSpringSecurity() {
            super(SmallApplication.class, application -> application.bean(SmallApplication.class).greeting);
        }
    }

    @Nested
    class AnEventStreamBehindSpringSecurity extends ConnectionContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return WebFluxGateContractTest.start(SmallApplication.class, gate, "http", "/realtime/stream");
        }
    }

    @Nested
    class AWebSocketWithoutSpringSecurity extends WebSockets {
        AWebSocketWithoutSpringSecurity() {
            super(HandshakeApplication.class, application -> application.bean(HandshakeApplication.class).greeting);
        }
    }

    abstract static class WebSockets extends WebSocketConnectionContract {

        private final Class<?> main;
        private final Function<Application, SmallApplication.Greeting> greeting;
        private Application application;

        WebSockets(Class<?> main, Function<Application, SmallApplication.Greeting> greeting) {
            this.main = main;
            this.greeting = greeting;
        }

        @Override
        protected RunningServer serve(Gate gate) {
            application = WebFluxGateContractTest.start(main, gate);
            return WebFluxGateContractTest.served(application, "ws", "/realtime/socket");
        }

        @Override
        protected void broadcast(String text) {
            greeting.apply(application).broadcast(text);
        }

        @Override
        protected long heard() {
            return greeting.apply(application).heard.get();
        }
    }
}
