// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import jakarta.servlet.ServletContext;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Decoder;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Encoder;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.naming.NamingException;
import org.apache.tomcat.InstanceManager;
import org.apache.tomcat.InstanceManagerBindings;
import org.apache.tomcat.SimpleInstanceManager;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In Tomcat an endpoint sees behind the filter what it sees without one. */
class TomcatUpgradeTest {

    private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

    private final Tickets tickets = Tickets.of(TicketStore.inMemory());

    /** What is said and heard. */
    record Word(String text) {}

    public static final class Shouting implements Encoder.Text<Word> {
        @Override
        public String encode(Word word) {
            return word.text().toUpperCase(Locale.ROOT);
        }
    }

    public static final class Listening implements Decoder.Text<Word> {

        @Override
        public Word decode(String text) {
            return new Word(text);
        }

        @Override
        public boolean willDecode(String text) {
            return true;
        }
    }

    public static final class Adding extends ServerEndpointConfig.Configurator {
        @Override
        public void modifyHandshake(
                ServerEndpointConfig endpoint, HandshakeRequest request, HandshakeResponse response) {
            endpoint.getUserProperties().put("added", "by the configurator");
        }
    }

    private static void see(Session session, EndpointConfig config) {
        var endpoint = (ServerEndpointConfig) config;
        SEEN.add("opened in " + session.getPathParameters().get("room") + " as "
                + endpoint.getEndpointClass().getSimpleName() + " of "
                + endpoint.getConfigurator().getClass().getSimpleName()
                + ", " + endpoint.getUserProperties().get("added") + ", "
                + session.getUserProperties().get("added") + ", among "
                + session.getOpenSessions().size());
    }

    private static void answer(Session session, Word word) throws Exception {
        if (word.text().equals("fail")) {
            throw new IllegalArgumentException("as the test wants it");
        }
        session.getBasicRemote().sendObject(word);
    }

    public static final class Annotated {

        @OnOpen
        public void open(Session session, EndpointConfig config, @PathParam("room") String room) {
            SEEN.add(room);
            see(session, config);
        }

        @OnMessage
        public void hear(Session session, Word word) throws Exception {
            answer(session, word);
        }

        @OnError
        public void fail(Throwable fault) {
            SEEN.add("failed: " + fault.getMessage());
        }

        @OnClose
        public void close(CloseReason reason) {
            SEEN.add("closed with " + reason.getCloseCode().getCode());
        }
    }

    public static final class Programmed extends Endpoint {

        @Override
        public void onOpen(Session session, EndpointConfig config) {
            see(session, config);
            session.addMessageHandler(Word.class, word -> {
                try {
                    answer(session, word);
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        @Override
        public void onError(Session session, Throwable fault) {
            SEEN.add("failed: " + fault.getMessage());
        }

        @Override
        public void onClose(Session session, CloseReason reason) {
            SEEN.add("closed with " + reason.getCloseCode().getCode());
        }
    }

    /** Sees the endpoints that it is given to manage. */
    private static final class Managing extends SimpleInstanceManager {

        @Override
        public Object newInstance(Class<?> type)
                throws IllegalAccessException, InvocationTargetException, InstantiationException, NamingException,
                        NoSuchMethodException {
            Object made = super.newInstance(type);
            newInstance(made);
            return made;
        }

        @Override
        public void newInstance(Object made) {
            if (made instanceof Annotated || made instanceof Programmed) {
                SEEN.add("constructed");
            }
        }

        @Override
        public void destroyInstance(Object made) {
            if (made instanceof Programmed) {
                SEEN.add("destroyed");
            }
        }
    }

    /** Ends its own login, and listens then. */
    public static final class Late extends Endpoint {

        private static final BlockingQueue<Session> LISTENING = new LinkedBlockingQueue<>();

        @Override
        public void onOpen(Session session, EndpointConfig config) {
            var end = (Runnable) config.getUserProperties().get("end");
            end.run();
            session.addMessageHandler(String.class, SEEN::add);
            LISTENING.add(session);
        }
    }

    @BeforeEach
    void seeNothing() {
        SEEN.clear();
    }

    @ParameterizedTest
    @ValueSource(classes = {Annotated.class, Programmed.class})
    void anEndpointSeesWhatItSeesWithoutAFilter(Class<?> endpoint) throws Exception {
        try (var running = Container.TOMCAT.start(context -> {
            register(context, endpoint);
            manage(context, new Managing());
        })) {
            String last = endpoint == Programmed.class ? "destroyed" : "closed";
            List<String> without = talk(running, "/open/7", last);

            List<String> behind = talk(running, "/realtime/7?ticket=" + issue(), last);

            assertThat(behind).isEqualTo(without).startsWith("constructed");
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Annotated.class, Programmed.class})
    void anEndpointOpensWhereTomcatManagesNoInstances(Class<?> endpoint) throws Exception {
        try (var running = Container.TOMCAT.start(context -> {
            register(context, endpoint);
            InstanceManagerBindings.unbind(context.getClassLoader());
            manage(context, null);
        })) {
            List<String> without = talk(running, "/open/7", "closed");

            List<String> behind = talk(running, "/realtime/7?ticket=" + issue(), "closed");

            assertThat(behind).isEqualTo(without).contains("answered HELLO").doesNotContain("constructed");
        }
    }

    private static void manage(ServletContext context, InstanceManager manager) {
        try {
            Method set = WsWebSocketContainer.class.getDeclaredMethod("setInstanceManager", InstanceManager.class);
            set.setAccessible(true);
            set.invoke(context.getAttribute(ServerContainer.class.getName()), manager);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatAnEndpointListensWithAfterTheEndOfItsLoginIsTakenAway() throws Exception {
        Gate gate = Gate.of(tickets);
        Runnable end = () -> gate.connections().stream().forEach(one -> one.close(3000, "unauthorized"));
        try (var running = Container.TOMCAT.start(context -> {
            TicketFilter.webSockets(gate).register(context, "/realtime/*");
            var late = ServerEndpointConfig.Builder.create(Late.class, "/realtime/late")
                    .build();
            late.getUserProperties().put("end", end);
            add(context, late);
        })) {
            var silent = new WebSocket.Listener() {
                // It asks for no message, so that it does not answer the close.
                @Override
                public void onOpen(WebSocket socket) {}
            };
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(running.uri("ws", "/realtime/late?ticket=" + issue()), silent)
                    .join();
            Session listening = Late.LISTENING.poll(1, TimeUnit.MINUTES);

            assertThat(listening).isNotNull();
            eventually(() -> listening.getMessageHandlers().isEmpty());
            socket.abort();
        }
    }

    private static List<String> talk(Container.Running running, String path, String last) throws Exception {
        SEEN.clear();
        try (Connection socket = Connection.open(running.uri("ws", path))) {
            socket.send("hello");
            SEEN.add("answered " + socket.next());
            socket.send("fail");
            eventually(() -> SEEN.stream().anyMatch(line -> line.startsWith("failed")));
        }
        eventually(() -> SEEN.stream().anyMatch(line -> line.startsWith(last)));
        return List.copyOf(SEEN);
    }

    private void register(ServletContext context, Class<?> endpoint) {
        TicketFilter.webSockets(Gate.of(tickets)).register(context, "/realtime/*");
        for (String path : List.of("/open/{room}", "/realtime/{room}")) {
            add(
                    context,
                    ServerEndpointConfig.Builder.create(endpoint, path)
                            .encoders(List.of(Shouting.class))
                            .decoders(List.of(Listening.class))
                            .configurator(endpoint == Programmed.class ? new Adding() : null)
                            .build());
        }
    }

    private static void add(ServletContext context, ServerEndpointConfig endpoint) {
        try {
            ((ServerContainer) context.getAttribute(ServerContainer.class.getName())).addEndpoint(endpoint);
        } catch (DeploymentException e) {
            throw new IllegalStateException(e);
        }
    }

    private String issue() {
        return tickets.issue(TicketHolder.of(1, "alice"))
                .toCompletableFuture()
                .join()
                .reveal();
    }
}
