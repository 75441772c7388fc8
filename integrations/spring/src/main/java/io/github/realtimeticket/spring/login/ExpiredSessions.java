// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.Revocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AbstractAdvisingBeanPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.security.core.session.ReactiveSessionInformation;
import org.springframework.security.core.session.ReactiveSessionRegistry;
import org.springframework.security.core.session.SessionInformation;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Has Spring Security's own registries of sessions, and Spring Session's on servlets, revoke a session that somebody expires or invalidates there, as
 * concurrent-session control does. On servlets Spring Security notices such a session with its next request only, which a page with an open
 * connection need not make; a reactive one is removed from its store without a word. A registry of another class is left alone: what it is
 * asked for may be of a class of its own.
 *
 * <p>Thread-safe, and never blocks in a reactive application.
 */
public final class ExpiredSessions extends AbstractAdvisingBeanPostProcessor {

    private static final long serialVersionUID = 1L;

    // Spelled out because they may not be there.
    private static final Set<String> REGISTRIES = Set.of(
            "org.springframework.security.core.session.SessionRegistryImpl",
            "org.springframework.security.core.session.InMemoryReactiveSessionRegistry",
            "org.springframework.session.security.SpringSessionBackedSessionRegistry");

    /** Revokes with this, which is asked for when a session is expired. */
    public ExpiredSessions(Supplier<Revoker> revoker) {
        var asked = new NameMatchMethodPointcut();
        asked.setMappedNames("getAllSessions", "getSessionInformation");
        advisor = new DefaultPointcutAdvisor(
                asked, (MethodInterceptor) call -> call.getThis() instanceof ReactiveSessionRegistry
                        ? Reactive.watched(call.proceed(), revoker)
                        : watched(call.proceed(), revoker));
        setProxyTargetClass(true);
    }

    @Override
    protected boolean isEligible(Class<?> type) {
        return REGISTRIES.contains(type.getName()) && super.isEligible(type);
    }

    private static @Nullable Object watched(@Nullable Object answer, Supplier<Revoker> revoker) {
        if (answer instanceof List<?> sessions) {
            // One of its own, which whoever has asked may sort.
            return sessions.stream()
                    .map(session -> watched(session, revoker))
                    .collect(Collectors.toCollection(ArrayList::new));
        }
        return answer instanceof SessionInformation session && !(answer instanceof Watched)
                ? new Watched(session, revoker)
                : answer;
    }

    private static final class Watched extends SessionInformation {

        private static final long serialVersionUID = 1L;

        private final SessionInformation session;
        private final transient Supplier<Revoker> revoker;

        Watched(SessionInformation session, Supplier<Revoker> revoker) {
            super(session.getPrincipal(), session.getSessionId(), session.getLastRequest());
            this.session = session;
            this.revoker = revoker;
        }

        @Override
        public void expireNow() {
            session.expireNow();
            revoker.get().revoke(Revocation.session(getSessionId()));
        }

        @Override
        public boolean isExpired() {
            return session.isExpired();
        }

        @Override
        public Date getLastRequest() {
            return session.getLastRequest();
        }

        @Override
        public void refreshLastRequest() {
            session.refreshLastRequest();
        }
    }

    /** Apart, for where there is no Reactor. */
    private static final class Reactive {

        static @Nullable Object watched(@Nullable Object answer, Supplier<Revoker> revoker) {
            if (answer instanceof Flux<?> sessions) {
                return sessions.cast(ReactiveSessionInformation.class).map(session -> watched(session, revoker));
            }
            return answer instanceof Mono<?> one
                    ? one.cast(ReactiveSessionInformation.class).map(session -> watched(session, revoker))
                    : answer;
        }

        private static ReactiveWatched watched(ReactiveSessionInformation session, Supplier<Revoker> revoker) {
            return session instanceof ReactiveWatched watched ? watched : new ReactiveWatched(session, revoker);
        }

        private static final class ReactiveWatched extends ReactiveSessionInformation {

            private static final long serialVersionUID = 1L;

            private final ReactiveSessionInformation session;
            private final transient Supplier<Revoker> revoker;

            ReactiveWatched(ReactiveSessionInformation session, Supplier<Revoker> revoker) {
                super(session.getPrincipal(), session.getSessionId(), session.getLastAccessTime());
                this.session = session;
                this.revoker = revoker;
            }

            @Override
            public Mono<Void> invalidate() {
                return Mono.defer(() -> TellingSession.telling(session.invalidate(), getSessionId(), revoker.get()));
            }

            @Override
            public boolean isExpired() {
                return session.isExpired();
            }

            @Override
            public Instant getLastAccessTime() {
                return session.getLastAccessTime();
            }

            @Override
            public void setLastAccessTime(Instant time) {
                session.setLastAccessTime(time);
            }

            @Override
            public Mono<Void> refreshLastRequest() {
                return session.refreshLastRequest();
            }

            @Override
            public ReactiveSessionInformation withSessionId(String id) {
                return new ReactiveWatched(session.withSessionId(id), revoker);
            }
        }
    }
}
