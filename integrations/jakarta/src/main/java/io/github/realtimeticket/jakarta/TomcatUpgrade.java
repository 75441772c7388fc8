// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Admission.Admitted;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Map;
import org.apache.tomcat.InstanceManager;
import org.apache.tomcat.websocket.Transformation;
import org.apache.tomcat.websocket.WsSession;
import org.apache.tomcat.websocket.pojo.PojoEndpointServer;
import org.apache.tomcat.websocket.server.WsHandshakeRequest;
import org.apache.tomcat.websocket.server.WsHttpUpgradeHandler;
import org.apache.tomcat.websocket.server.WsServerContainer;
import org.jspecify.annotations.Nullable;

/**
 * What Tomcat prepares a WebSocket with. Tomcat shows a session to its endpoint alone, so it is given one that registers the session, and
 * leaves all else to the application's.
 *
 * <p>Loaded in Tomcat only, which alone has the superclass. Tested with 10.1.48 and 11.0.22. In a Tomcat that prepares it with other
 * parameters nothing prepares the handler, and no WebSocket opens: Tomcat closes the line, and its log says that {@code preInit()} has not
 * been called.
 */
final class TomcatUpgrade extends WsHttpUpgradeHandler {

    /** What Tomcat asks a request to upgrade with. */
    static final String HANDLER = "org.apache.tomcat.websocket.server.WsHttpUpgradeHandler";

    private final WsHttpUpgradeHandler handler;
    private final Admitted admitted;

    /** @param handler what Tomcat goes on with, a {@value #HANDLER} */
    TomcatUpgrade(Object handler, Admitted admitted) {
        this.handler = (WsHttpUpgradeHandler) handler;
        this.admitted = admitted;
    }

    @Override
    public void preInit(
            ServerEndpointConfig config,
            WsServerContainer container,
            WsHandshakeRequest request,
            List<Extension> extensions,
            @Nullable String subprotocol,
            Transformation transformation,
            Map<String, String> pathParameters,
            boolean secure) {
        ServerEndpointConfig ours = ServerEndpointConfig.Builder.create(Registering.class, config.getPath())
                .subprotocols(config.getSubprotocols())
                .extensions(config.getExtensions())
                .encoders(config.getEncoders())
                .decoders(config.getDecoders())
                .configurator(new ServerEndpointConfig.Configurator() {
                    @Override
                    public <T> T getEndpointInstance(Class<T> type) throws InstantiationException {
                        Object made = config.getConfigurator().getEndpointInstance(config.getEndpointClass());
                        return type.cast(new Registering(admitted, config, made, pathParameters));
                    }
                })
                .build();
        ours.getUserProperties().putAll(config.getUserProperties());
        handler.preInit(ours, container, request, extensions, subprotocol, transformation, pathParameters, secure);
    }

    private static final class Registering extends Endpoint {

        private final Admitted admitted;
        private final ServerEndpointConfig config;
        private final Object made;
        private final Endpoint application;
        private volatile boolean isTold;

        Registering(Admitted admitted, ServerEndpointConfig config, Object made, Map<String, String> pathParameters) {
            this.admitted = admitted;
            this.config = config;
            this.made = made;
            application = made instanceof Endpoint endpoint ? endpoint : new PojoEndpointServer(pathParameters, made);
        }

        @Override
        public void onOpen(Session session, EndpointConfig ours) {
            manage(session, manager -> manager.newInstance(made));
            LiveSession.register(session, admitted);
            // The login may have ended meanwhile.
            if (LiveSession.isOpen(session)) {
                isTold = true;
                open(session);
            }
        }

        private void open(Session session) {
            try {
                application.onOpen(session, config);
                if (!LiveSession.isOpen(session)) {
                    // Told to go meanwhile: what hears its client now has come after that.
                    LiveSession.fallDeaf(session);
                }
            } catch (RuntimeException | Error e) {
                // Tomcat cuts the line, and calls the session open for ever.
                admitted.connection().ifPresent(opened -> opened.close(1011, "unexpected"));
                throw e;
            }
        }

        @Override
        public void onError(Session session, Throwable fault) {
            if (isTold) {
                application.onError(session, fault);
            }
        }

        @Override
        public void onClose(Session session, CloseReason reason) {
            if (isTold) {
                application.onClose(session, reason);
            }
            manage(session, manager -> manager.destroyInstance(application));
        }

        // As Tomcat does with what it has made itself, if it has a manager.
        private static void manage(Session session, Managing what) {
            try {
                InstanceManager manager = ((WsSession) session).getInstanceManager();
                if (manager != null) {
                    what.now(manager);
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private interface Managing {
            void now(InstanceManager manager) throws Exception;
        }
    }
}
