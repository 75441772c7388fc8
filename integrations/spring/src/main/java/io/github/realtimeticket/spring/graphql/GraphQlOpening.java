// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Refusal;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** How far one session has come, and how to close it; kept in the session's attributes. Thread-safe. */
final class GraphQlOpening {

    // No client names an attribute, and nobody else makes an object of this class.
    private static final String KEY = GraphQlOpening.class.getName();

    // GraphQL over WebSocket has the codes 4400, 4401 and 4403 for what HTTP has 400, 401 and 403 for.
    private static final int CODES = 4_000;

    /** Closes a session that is refused, with a code and a reason. */
    @FunctionalInterface
    interface Refusing {
        Mono<Void> close(int code, String reason);
    }

    private enum Stage {
        FRESH,
        ASKED,
        ADMITTED,
        OVER
    }

    private final LiveConnection.Closing ending;
    private final Refusing refusing;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.FRESH);
    private volatile @Nullable OperationUser user;
    private volatile @Nullable Admitted admitted;

    private GraphQlOpening(LiveConnection.Closing ending, Refusing refusing) {
        this.ending = ending;
        this.refusing = refusing;
    }

    static @Nullable GraphQlOpening of(Map<String, Object> attributes) {
        return attributes.get(KEY) instanceof GraphQlOpening opening ? opening : null;
    }

    /** A new one, kept in the attributes of its session. */
    @CanIgnoreReturnValue
    static GraphQlOpening begin(Map<String, Object> attributes, LiveConnection.Closing ending, Refusing refusing) {
        var opening = new GraphQlOpening(ending, refusing);
        attributes.put(KEY, opening);
        return opening;
    }

    /** Whether this is the first {@code connection_init}, of a session that is still there. */
    boolean ask() {
        return stage.compareAndSet(Stage.FRESH, Stage.ASKED);
    }

    /** Whether the session was still there to be admitted as this user's. From then on it ends with its login (T16, T17). */
    boolean admit(Admitted admitted, OperationUser user) {
        this.user = user;
        this.admitted = admitted;
        if (!stage.compareAndSet(Stage.ASKED, Stage.ADMITTED)) {
            return false;
        }
        LiveConnection unused = admitted.opened(this::revoke);
        return true;
    }

    // With the codes of every other WebSocket: those of the protocol are for what comes before connection_ack.
    private void revoke(int code, String reason) throws Exception {
        stage.set(Stage.OVER);
        closing.set(true);
        ending.close(code, reason);
    }

    /** Whose operations these are; {@code null} unless the session is admitted. */
    @Nullable
    OperationUser user() {
        return stage.get() == Stage.ADMITTED ? user : null;
    }

    /** Whether nothing that its client sends matters any more. */
    boolean isOver() {
        return stage.get() == Stage.OVER;
    }

    /** Ends it. Whether until now it was neither admitted nor refused. */
    boolean end() {
        Stage before = stage.getAndSet(Stage.OVER);
        return before == Stage.FRESH || before == Stage.ASKED;
    }

    /** Says that the session is closed. Whether until now it was neither admitted nor refused. */
    boolean closed() {
        boolean unopened = end();
        Admitted opened = admitted;
        if (opened != null) {
            opened.ended();
        }
        return unopened;
    }

    /** Closes the session, which nothing opens any more, unless that is done already, and says no more than a status does (T11). */
    Mono<Void> refuse(Refusal reason) {
        stage.set(Stage.OVER);
        return closing.compareAndSet(false, true)
                ? refusing.close(CODES + reason.status(), reason.message())
                : Mono.empty();
    }
}
