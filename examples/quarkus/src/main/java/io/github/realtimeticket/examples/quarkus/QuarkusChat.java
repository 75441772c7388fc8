// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.quarkus;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.lettuce.core.RedisURI;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.HandshakeRequest;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** A whole backend: a ticket opens a WebSocket, which greets its holder and echoes. */
public final class QuarkusChat {

    private QuarkusChat() {}

    /** The store that the web application issues into, and the gate before it. */
    @Singleton
    static class Beans {

        @Produces
        @Singleton
        RedisTicketStore store(@ConfigProperty(name = "tickets.redis") String url) {
            return RedisTicketStore.connect(RedisURI.create(url));
        }

        void close(@Disposes RedisTicketStore store) {
            store.close();
        }

        @Produces
        @Singleton
        Gate gate(RedisTicketStore store) {
            var tickets =
                    Tickets.builder(store).revocations(store.revocations()).build();
            return Gate.builder(tickets).audience("chat").build();
        }
    }

    /** Quarkus asks it before it opens a WebSocket, on whatever path. */
    @Singleton
    static class TicketCheck implements HttpUpgradeCheck {

        private static final TypedKey<Gate> GATE = new TypedKey<>(QuarkusChat.class.getName());
        static final TypedKey<Admitted> ADMITTED = new TypedKey<>("admitted");

        private final Gate gate;

        TicketCheck(Gate gate) {
            this.gate = gate;
        }

        @Override
        public Uni<CheckResult> perform(HttpUpgradeContext upgrade) {
            if (gate.equals(upgrade.userData().get(GATE))) {
                return CheckResult.permitUpgrade();
            }
            Context context =
                    Objects.requireNonNull(Vertx.currentContext(), "The check before has ended in a foreign thread");
            HttpServerRequest request = upgrade.httpRequest();
            var opening = ConnectionRequest.of(request.query(), request.headers()::getAll, refusal(request));
            return Uni.createFrom()
                    .completionStage(() -> gate.admit(opening))
                    .emitOn(task -> context.runOnContext(unused -> task.run()))
                    .flatMap(admission -> request.response().closed()
                            ? Uni.createFrom().nothing()
                            : admission.fold(
                                    admitted -> permit(upgrade, admitted),
                                    refused -> refuse(request.response(), refused.reason())));
        }

        // What Vert.x would refuse when the ticket is used up.
        private static @Nullable Refusal refusal(HttpServerRequest request) {
            try {
                URI unused = new URI(request.uri());
                boolean upgrade = request.headers().contains("Upgrade", "websocket", true);
                return upgrade && request.method().equals(HttpMethod.GET) ? null : Refusal.UNSUITABLE;
            } catch (URISyntaxException e) {
                return Refusal.UNSUITABLE;
            }
        }

        // The subprotocols are the client's without the one that carries the ticket, if it travels so.
        private Uni<CheckResult> permit(HttpUpgradeContext upgrade, Admitted admitted) {
            upgrade.userData().put(GATE, gate);
            upgrade.userData().put(ADMITTED, admitted);
            String subprotocols = String.join(",", admitted.subprotocols());
            upgrade.httpRequest().headers().set(HandshakeRequest.SEC_WEBSOCKET_PROTOCOL, subprotocols);
            return CheckResult.permitUpgrade();
        }

        // What CheckResult.rejectUpgrade answers has no body. This is answered here, and Quarkus waits for no more.
        private static Uni<CheckResult> refuse(HttpServerResponse response, Refusal reason) {
            reason.headers().forEach(response::putHeader);
            response.setStatusCode(reason.status()).end(reason.body());
            return Uni.createFrom().nothing();
        }
    }

    @WebSocket(path = "/chat")
    static class Chat {

        @OnOpen
        String open(WebSocketConnection connection) {
            Admitted admitted = connection.userData().get(TicketCheck.ADMITTED);
            var unused = admitted.opened((code, reason) ->
                    connection.close(new CloseReason(code, reason)).subscribe().with(closed -> {}));
            return "Hello " + admitted.holder().username();
        }

        @OnClose
        void close(WebSocketConnection connection) {
            connection.userData().get(TicketCheck.ADMITTED).connection().ifPresent(LiveConnection::ended);
        }

        @OnTextMessage
        String echo(String text) {
            return text;
        }
    }
}
