// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.messaging;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.spring.websocket.ClosingThreads;
import io.github.realtimeticket.spring.websocket.ToldSessions;
import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompEncoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;

/** How far one session has come, and from which page; kept in the session's attributes. Thread-safe. */
final class StompOpening {

    private static final System.Logger LOG = System.getLogger(StompOpening.class.getName());

    // No client names an attribute, and nobody else makes an object of this class.
    private static final String KEY = StompOpening.class.getName();

    // IANA's WebSocket Close Code Number Registry: 3000 is "Unauthorized".
    private static final CloseStatus UNAUTHORIZED = new CloseStatus(3000, Refusal.MISSING.message());

    private static final long JUST_NOW = TimeUnit.SECONDS.toNanos(20);

    private enum Stage {
        FRESH,
        ASKED,
        ADMITTED,
        OVER
    }

    private final WebSocketSession session;
    private final List<String> origins;
    private final Duration patience;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.FRESH);
    private final CompletableFuture<@Nullable Void> decided = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();
    private volatile @Nullable FirstFrames firstFrames;
    private volatile @Nullable Principal user;
    private volatile @Nullable Admitted admitted;
    private volatile long asked;
    private volatile boolean endedSoon;

    /**
     * @param origins read at once: those of SockJS' polling are the servlet request's, which is over when {@code CONNECT} comes
     * @param patience how long the session may be there before it is admitted, and after its client has said that it leaves
     */
    StompOpening(WebSocketSession session, List<String> origins, FirstFrames firstFrames, Duration patience) {
        this.session = session;
        this.origins = List.copyOf(origins);
        this.firstFrames = firstFrames;
        this.patience = patience;
    }

    static @Nullable StompOpening of(@Nullable Map<String, Object> attributes) {
        return attributes != null && attributes.get(KEY) instanceof StompOpening opening ? opening : null;
    }

    /** Keeps this with its session, and closes the session unless it is admitted in time. */
    void begin(Supplier<Gate> gate) {
        session.getAttributes().put(KEY, this);
        unlessInTime(decided, () -> expire(gate));
    }

    private void unlessInTime(CompletableFuture<?> awaited, Runnable work) {
        var unused = awaited.copy()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, late) -> {
                    if (late != null) {
                        ClosingThreads.executor().execute(work);
                    }
                });
    }

    /** The lines of {@code Origin} in the request that opened the session. */
    List<String> origins() {
        return origins;
    }

    /** What reads its messages before Spring does; {@code null} once it is admitted. */
    @Nullable
    FirstFrames firstFrames() {
        return firstFrames;
    }

    /** Whether this is the first {@code CONNECT}. */
    boolean ask() {
        asked = System.nanoTime();
        return stage.compareAndSet(Stage.FRESH, Stage.ASKED);
    }

    /** Whether the session was still there to be admitted as this user's. From then on it ends with its login (T16, T17). */
    boolean admit(Admitted admitted, Principal user) {
        this.user = user;
        this.admitted = admitted;
        if (!stage.compareAndSet(Stage.ASKED, Stage.ADMITTED)) {
            return false;
        }
        firstFrames = null;
        decided.complete(null);
        LiveConnection unused =
                admitted.opened((code, reason) -> ToldSessions.tell(session, new CloseStatus(code, reason)));
        return true;
    }

    /** Whether nothing that its client sends matters any more. */
    boolean isOver() {
        return stage.get() == Stage.OVER;
    }

    /** Whether the session is closed, which Spring tells everybody by a {@code DISCONNECT} of its own. */
    boolean isClosed() {
        return gone.isDone();
    }

    /** Says that the session is refused. From now on nothing is taken from its client, unless it was admitted before. */
    void refused() {
        Stage unused = stage.updateAndGet(now -> now == Stage.ADMITTED ? now : Stage.OVER);
    }

    /** Whether the session is admitted, and this the very user that it is admitted as. */
    boolean isOf(@Nullable Principal user) {
        return stage.get() == Stage.ADMITTED && this.user == user;
    }

    /**
     * From now on nothing is taken from the client, which has said {@code DISCONNECT}. It closes when it has its receipt; one that stays is
     * closed in the end, and until then may still be told something (T16).
     */
    void leave() {
        if (over()) {
            unlessInTime(gone, () -> ToldSessions.dismiss(session, CloseStatus.NORMAL));
        }
    }

    /** Says that the session is closed. Whether it was admitted only just before its end, so that its {@code CONNECTED} may still be on its way. */
    boolean closed() {
        gone.complete(null);
        boolean unused = over();
        Admitted opened = admitted;
        if (opened != null) {
            opened.ended();
        }
        return endedSoon;
    }

    // Whether it was not over before.
    private boolean over() {
        Stage before = stage.getAndSet(Stage.OVER);
        if (before == Stage.ADMITTED && System.nanoTime() - asked < JUST_NOW) {
            endedSoon = true;
        }
        decided.complete(null);
        return before != Stage.OVER;
    }

    /** Answers with an {@code ERROR} frame and closes the session. */
    void refuse(Refusal reason) {
        StompHeaderAccessor error = StompHeaderAccessor.create(StompCommand.ERROR);
        error.setMessage(reason.message());
        try {
            session.sendMessage(new TextMessage(new StompEncoder().encode(error.getMessageHeaders(), new byte[0])));
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "A STOMP session could not be told that it is refused: " + e);
        }
        ToldSessions.dismiss(session, CloseStatus.PROTOCOL_ERROR);
    }

    /** Refuses what is no {@code CONNECT}, or cannot be read, before a ticket has opened the session, which nothing opens any more. */
    void refuseUnread(Supplier<Gate> gate) {
        refused();
        try {
            gate.get().refuse(Refusal.UNSUITABLE);
        } finally {
            refuse(Refusal.UNSUITABLE);
        }
    }

    // One whose frame was refused, too, should the application's error handler have kept it open.
    private void expire(Supplier<Gate> gate) {
        boolean silent = stage.getAndSet(Stage.OVER) == Stage.FRESH;
        try {
            if (silent) {
                gate.get().refuse(Refusal.MISSING);
            }
        } finally {
            ToldSessions.dismiss(session, UNAUTHORIZED);
        }
    }
}
