// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.testkit.ConnectionContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;

/** Every way into a Spring application on the servlet stack ends with the login. */
class SpringConnectionContractTest {

    /** The contract on one application. */
    abstract static class Contract extends ConnectionContract {

        private final List<Application> applications = new ArrayList<>();

        Application start(Class<?> main, Gate gate) {
            Application application = Application.start(main, Map.of("gate", gate));
            applications.add(application);
            return application;
        }

        abstract void broadcast(Application application, String text);

        @Override
        protected void broadcast(String text) {
            applications.forEach(application -> broadcast(application, text));
        }

        abstract AtomicLong heard(Application application);

        @Override
        protected long heard() {
            return applications.stream()
                    .mapToLong(application -> heard(application).get())
                    .sum();
        }
    }

    @Nested
    class AWebSocketBehindSpringSecurity extends Contract {
        @Override
        protected RunningServer serve(Gate gate) {
            return SpringGateContractTest.served(start(SecuredApplication.class, gate), "ws", "/realtime/socket");
        }

        @Override
        void broadcast(Application application, String text) {
            application.bean(SecuredApplication.class).greeting.broadcast(text);
        }

        @Override
        AtomicLong heard(Application application) {
            return application.bean(SecuredApplication.class).greeting.heard;
        }
    }

    @Nested
    class AWebSocketOfSockJsBehindSpringSecurity extends AWebSocketBehindSpringSecurity {
        @Override
        protected RunningServer serve(Gate gate) {
            Application application = start(SecuredApplication.class, gate);
            // Each address is that of a session of its own.
            return RunningServer.of(
                    () -> application.uri("ws", "/realtime/sock/0/" + UUID.randomUUID() + "/websocket"),
                    application::close);
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
    class AWebSocketWithoutSpringSecurity extends Contract {
        @Override
        protected RunningServer serve(Gate gate) {
            return SpringGateContractTest.served(start(HandshakeApplication.class, gate), "ws", "/realtime/socket");
        }

        @Override
        void broadcast(Application application, String text) {
            application.bean(HandshakeApplication.class).greeting.broadcast(text);
        }

        @Override
        AtomicLong heard(Application application) {
            return application.bean(HandshakeApplication.class).greeting.heard;
        }
    }

    @Nested
    class AStompSessionWithTheTicketInItsHandshake extends Contract {
        @Override
        protected RunningServer serve(Gate gate) {
            return SpringGateContractTest.served(start(StompSessions.class, gate), "ws", "/realtime/stomp");
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
        void broadcast(Application application, String text) {
            StompSessions.broadcast(application.context(), text);
        }

        @Override
        AtomicLong heard(Application application) {
            return application.bean(StompSessions.class).heard;
        }
    }

    private static Optional<String> inArray(String message) {
        return first(Pattern.compile("a\\[\"(.*)\"]"), message);
    }

    private static Optional<String> first(Pattern pattern, String message) {
        return pattern.matcher(message).results().findFirst().map((MatchResult found) -> found.group(1));
    }
}
