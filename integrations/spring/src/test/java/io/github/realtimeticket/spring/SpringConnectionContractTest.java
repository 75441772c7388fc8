// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.testkit.ConnectionContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.WebSocketConnectionContract;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;

/** Every way into a Spring application on the servlet stack ends with the login. */
class SpringConnectionContractTest {

    /** The contract on one application that greets. */
    abstract static class WebSockets extends WebSocketConnectionContract {

        private final Class<?> main;
        private final Function<Application, GreetingHandler> greeting;
        private Application application;

        WebSockets(Class<?> main, Function<Application, GreetingHandler> greeting) {
            this.main = main;
            this.greeting = greeting;
        }

        @Override
        protected final RunningServer serve(Gate gate) {
            application = Application.start(main, Map.of("gate", gate));
            return RunningServer.of(() -> application.uri("ws", path()), application::close);
        }

        String path() {
            return "/realtime/socket";
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

    @Nested
    class AWebSocketBehindSpringSecurity extends WebSockets {
        AWebSocketBehindSpringSecurity() {
            super(SecuredApplication.class, application -> application.bean(SecuredApplication.class).greeting);
        }
    }

    @Nested
    class AWebSocketOfSockJsBehindSpringSecurity extends AWebSocketBehindSpringSecurity {
        @Override
        String path() {
            // Each address is that of a session of its own.
            return "/realtime/sock/0/" + UUID.randomUUID() + "/websocket";
        }

        @Override
        protected Optional<String> username(String message) {
            return inArray(message);
        }

        @Override
        protected String bye() {
            return "[\"bye\"]";
        }
    }

    @Nested
    class AnEventStreamBehindSpringSecurity extends ConnectionContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return SpringGateContractTest.served(
                    Application.start(SecuredApplication.class, Map.of("gate", gate)), "http", "/realtime/stream");
        }
    }

    @Nested
    class AWebSocketWithoutSpringSecurity extends WebSockets {
        AWebSocketWithoutSpringSecurity() {
            super(HandshakeApplication.class, application -> application.bean(HandshakeApplication.class).greeting);
        }
    }

    @Nested
    class AStompSessionWithTheTicketInItsHandshake extends WebSocketConnectionContract {

        private Application application;

        @Override
        protected RunningServer serve(Gate gate) {
            application = Application.start(StompSessions.class, Map.of("gate", gate));
            return SpringGateContractTest.served(application, "ws", "/realtime/stomp");
        }

        @Override
        protected List<String> says() {
            return List.of("CONNECT\naccept-version:1.2\n\n\0");
        }

        @Override
        protected Optional<String> username(String message) {
            return first(Pattern.compile("user-name:(.*)"), message);
        }

        @Override
        protected void broadcast(String text) {
            StompSessions.broadcast(application.context(), text);
        }

        @Override
        protected long heard() {
            return application.bean(StompSessions.class).heard.get();
        }
    }

    private static Optional<String> inArray(String message) {
        return first(Pattern.compile("a\\[\"(.*)\"]"), message);
    }

    private static Optional<String> first(Pattern pattern, String message) {
        return pattern.matcher(message).results().findFirst().map((MatchResult found) -> found.group(1));
    }
}
