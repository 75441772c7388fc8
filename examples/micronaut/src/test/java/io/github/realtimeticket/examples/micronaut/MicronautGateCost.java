// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.micronaut;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.GateCost;
import io.github.realtimeticket.fixtures.Openings.Opener;
import io.github.realtimeticket.micronaut.TicketFilter;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Requires;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.websocket.WebSocketSession;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.OnOpen;
import io.micronaut.websocket.annotation.ServerWebSocket;
import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

class MicronautGateCost extends GateCost {

    @Override
    protected Opener serve(@Nullable Tickets tickets) throws Exception {
        return webSocket(
                tickets == null
                        ? withoutOurs()
                        : ChatServer.with(Gate.class, Gate.of(tickets), Map.of())
                                .uri());
    }

    /** An application that does not have us on its class path. */
    private static URI withoutOurs() throws Exception {
        URL ours = TicketFilter.class.getProtectionDomain().getCodeSource().getLocation();
        List<URL> path = new ArrayList<>();
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : all.split(File.pathSeparator, -1)) {
            if (!Path.of(entry).equals(Path.of(ours.toURI()))) {
                path.add(Path.of(entry).toUri().toURL());
            }
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        var loader = new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        thread.setContextClassLoader(loader);
        try {
            return (URI)
                    loader.loadClass(Open.class.getName()).getMethod("serve").invoke(null);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Is open to everybody where nothing of ours is. */
    @ServerWebSocket("/open")
    @Requires(property = "open", value = "true")
    public static class Open {

        public static URI serve() {
            Map<String, Object> settings =
                    Map.of("micronaut.server.host", "127.0.0.1", "micronaut.server.port", -1, "open", true);
            EmbeddedServer server = ApplicationContext.run(EmbeddedServer.class, settings);
            return URI.create("ws://127.0.0.1:" + server.getPort() + "/open");
        }

        @OnOpen
        CompletionStage<String> open(WebSocketSession session) {
            return session.sendAsync("Hello all");
        }

        @OnMessage
        void hear(String text) {}
    }
}
