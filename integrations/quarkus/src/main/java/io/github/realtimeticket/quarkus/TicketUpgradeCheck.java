// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.netty.channel.ChannelHandlerContext;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.DeploymentException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Admits WebSocket handshakes by ticket: a bean that WebSockets Next asks before it opens an endpoint. It takes the application's one
 * {@link Gate} from its beans.
 *
 * <pre>{@code
 * String open(WebSocketConnection connection) {
 *     return "Hello " + TicketUpgradeCheck.admitted(connection).holder().username();
 * }
 * }</pre>
 *
 * <p>A refusal is answered here, with status, headers and body (T11), since that of {@link HttpUpgradeCheck} has no body. A ticket is redeemed once for
 * a request, however often this is asked. If the client leaves while the store is asked, nothing is opened.
 * If it sends another handshake before the first is answered, which it must not, its connection ends.
 *
 * <p>A WebSocket is closed with 3000 or 3003 when the login has ended that its ticket was issued in (T16, T17). From then on nothing that the
 * client sends is passed on, what the application sends is dropped as if it had been written, and a client that does not answer the close is
 * cut off after ten seconds.
 *
 * <p>Immutable, thread-safe, and never blocks.
 *
 * <p><b>Security:</b> it guards every endpoint of WebSockets Next, and nothing else of the application. An application that has endpoints,
 * and no gate or several, does not start. Nor does one with an {@code HttpUpgradeCheck} that is an alternative, which, as CDI has it, stands
 * for all others, this one too.
 */
@Singleton
public final class TicketUpgradeCheck implements HttpUpgradeCheck {

    private static final TypedKey<Opened> OPENED = new TypedKey<>(TicketUpgradeCheck.class.getName());

    private final Gate gate;

    @Inject
    TicketUpgradeCheck(Instance<Gate> gate) {
        this(gate.get());
    }

    TicketUpgradeCheck(Gate gate) {
        this.gate = gate;
    }

    /**
     * How this connection was admitted: the ticket's holder, and what else is known of it.
     *
     * @throws IllegalStateException if it did not pass a gate
     */
    public static Admitted admitted(WebSocketConnection connection) {
        Opened opened = connection.userData().get(OPENED);
        if (opened == null) {
            throw new IllegalStateException("No TicketUpgradeCheck was asked for this connection");
        }
        return opened.admitted();
    }

    // It makes no check, which an application without endpoints may have no gate for.
    static void start(@Observes StartupEvent unused, Instance<HttpUpgradeCheck> checks) {
        if (checks.handlesStream()
                .noneMatch(check -> check.getBean().getBeanClass().equals(TicketUpgradeCheck.class))) {
            throw new DeploymentException(
                    "An HttpUpgradeCheck that is an @Alternative stands for TicketUpgradeCheck: every"
                            + " WebSocket would be open to everybody. Let it be no alternative, or exclude TicketUpgradeCheck");
        }
    }

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext upgrade) {
        Opened before = upgrade.userData().get(OPENED);
        if (before != null && before.gate().equals(gate)) {
            return CheckResult.permitUpgrade();
        }
        HttpServerRequest request = upgrade.httpRequest();
        ChannelHandlerContext vertx = ((ConnectionBase) request.connection()).channelHandlerContext();
        Opened first = vertx.pipeline().get(Opened.class);
        if (first != null) {
            // A client must wait (RFC 6455 section 4.1). Vert.x would open the second on the same WebSocket.
            gate.refuse(Refusal.UNSUITABLE);
            first.hangUp();
            return Uni.createFrom().nothing();
        }
        // Not that of the thread: the check before may have ended in any.
        Context context = ((HttpServerRequestInternal) request).context();
        var opening = ConnectionRequest.of(request.query(), request.headers()::getAll, refusal(request));
        return Uni.createFrom()
                .completionStage(() -> gate.admit(opening))
                .emitOn(task -> context.runOnContext(unused -> task.run()))
                .flatMap(admission ->
                        request.response().closed() || request.response().ended()
                                ? Uni.createFrom().nothing()
                                : admission.fold(
                                        admitted -> permit(upgrade, new Opened(gate, admitted, vertx), admitted),
                                        refused -> refuse(request, refused.reason())));
    }

    // What Vert.x asks for beside the gate, and would refuse when the ticket is used up.
    private static @Nullable Refusal refusal(HttpServerRequest request) {
        try {
            URI unused = new URI(request.uri());
            // It looks into the first line of what may have several.
            String connection = request.getHeader("Connection");
            boolean handshake = request.method().equals(HttpMethod.GET)
                    && request.headers().contains("Upgrade", "websocket", true)
                    && connection != null
                    && connection.toLowerCase(Locale.ROOT).contains("upgrade");
            return handshake ? null : Refusal.UNSUITABLE;
        } catch (URISyntaxException e) {
            return Refusal.UNSUITABLE;
        }
    }

    private static Uni<CheckResult> permit(HttpUpgradeContext upgrade, Opened opened, Admitted admitted) {
        upgrade.userData().put(OPENED, opened);
        opened.awaitOpening();
        admitted.hideTicket(upgrade.httpRequest().headers()::set);
        return CheckResult.permitUpgrade();
    }

    // Quarkus waits for no more.
    private static Uni<CheckResult> refuse(HttpServerRequest request, Refusal reason) {
        HttpServerResponse response = request.response();
        reason.headers().forEach(response::putHeader);
        response.setStatusCode(reason.status()).end(reason.body());
        return Uni.createFrom().nothing();
    }
}
