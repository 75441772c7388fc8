// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.Revocation;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.WebSession;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

/** The session of one exchange, which has what was issued under its id revoked when that ends. */
final class TellingSession implements WebSession {

    private final WebSession session;
    private final Revoker revoker;
    private final @Nullable SessionExpiry expiry;
    private final boolean concerns;
    private volatile String read;

    /** {@code null} where the session's store tells of its expiry, or nobody can. */
    TellingSession(WebSession session, Revoker revoker, @Nullable SessionExpiry expiry) {
        this.session = session;
        this.revoker = revoker;
        this.expiry = expiry;
        read = session.getId();
        // Sessions of strangers come and go in any number. A login counts without the mark, which may be another
        // process's, just now. A logout takes the login away before it goes on here.
        concerns = holdsLogin();
    }

    /** Its id, if it is the one that the user was read from still; else {@code null}. */
    @Nullable
    String lastingId() {
        String id = session.getId();
        return id.equals(read) && !session.isExpired() ? id : null;
    }

    /** Notes that a ticket is issued in it, before there is one. */
    void issues() {
        Object unused = session.getAttributes()
                .computeIfAbsent(SessionEnds.ISSUED, key -> expiry == null ? true : expiry.watch(session));
    }

    /** Whether a session with these attributes is, or was, somebody's. */
    static boolean holdsLogin(Set<String> attributes) {
        return attributes.contains(SessionEnds.ISSUED) || attributes.contains(SessionEnds.LOGIN);
    }

    private boolean holdsLogin() {
        return holdsLogin(session.getAttributes().keySet());
    }

    @Override
    public Mono<Void> changeSessionId() {
        return Mono.defer(() -> telling(session.changeSessionId().doOnSuccess(unused -> read = session.getId())));
    }

    @Override
    public Mono<Void> invalidate() {
        return Mono.defer(() -> {
            if (session.getAttributes().get(SessionEnds.ISSUED) instanceof Disposable watch) {
                watch.dispose();
            }
            return telling(session.invalidate());
        });
    }

    private Mono<Void> telling(Mono<Void> end) {
        return concerns || holdsLogin() ? telling(end, session.getId(), revoker) : end;
    }

    /**
     * The end of the session with this id, which is told when it has ended, so that no ticket is issued in it afterwards; and told as well to
     * whoever has gone meanwhile.
     */
    static Mono<Void> telling(Mono<Void> end, String id, Revoker revoker) {
        Revocation revocation = Revocation.session(id);
        var told = new CompletableFuture<@Nullable Void>();
        Mono<Void> waiting = Mono.<Void>fromFuture(told, true).publishOn(Schedulers.parallel());
        return end.contextWrite(context -> context.put(SessionEnds.REVOKED, id))
                .doFinally(signal -> {
                    var unused = revoker.begin(revocation).whenComplete((done, fault) -> told.complete(null));
                })
                .then(waiting);
    }

    /** Whether what happens here is a part of the end of the session with this id, which is told already. */
    static boolean isTold(String id, ContextView here) {
        return id.equals(here.getOrDefault(SessionEnds.REVOKED, null));
    }

    @Override
    public String getId() {
        return session.getId();
    }

    @Override
    public Map<String, Object> getAttributes() {
        return session.getAttributes();
    }

    @Override
    public void start() {
        session.start();
    }

    @Override
    public boolean isStarted() {
        return session.isStarted();
    }

    @Override
    public Mono<Void> save() {
        return session.save();
    }

    @Override
    public boolean isExpired() {
        return session.isExpired();
    }

    @Override
    public Instant getCreationTime() {
        return session.getCreationTime();
    }

    @Override
    public Instant getLastAccessTime() {
        return session.getLastAccessTime();
    }

    @Override
    public void setMaxIdleTime(Duration time) {
        session.setMaxIdleTime(time);
    }

    @Override
    public Duration getMaxIdleTime() {
        return session.getMaxIdleTime();
    }
}
