// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import java.time.Instant;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AbstractAdvisingBeanPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.security.core.session.InMemoryReactiveSessionRegistry;
import org.springframework.security.core.session.ReactiveSessionInformation;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * As {@link ExpiredSessions}, in a reactive application: has an {@link InMemoryReactiveSessionRegistry} revoke a session that somebody
 * invalidates there, as concurrent-session control does, which removes it from its store without a word.
 *
 * <p>Thread-safe, and never blocks.
 */
public final class ReactiveExpiredSessions extends AbstractAdvisingBeanPostProcessor {

    private static final long serialVersionUID = 1L;

    /** Revokes with this, which is asked for when a session is invalidated. */
    public ReactiveExpiredSessions(Supplier<Revoker> revoker) {
        var asked = new NameMatchMethodPointcut();
        asked.setMappedNames("getAllSessions", "getSessionInformation");
        advisor = new DefaultPointcutAdvisor(asked, (MethodInterceptor) call -> watched(call.proceed(), revoker));
        setProxyTargetClass(true);
    }

    @Override
    protected boolean isEligible(Class<?> type) {
        return type == InMemoryReactiveSessionRegistry.class && super.isEligible(type);
    }

    private static @Nullable Object watched(@Nullable Object answer, Supplier<Revoker> revoker) {
        if (answer instanceof Flux<?> sessions) {
            return sessions.cast(ReactiveSessionInformation.class).map(session -> watched(session, revoker));
        }
        return answer instanceof Mono<?> one
                ? one.cast(ReactiveSessionInformation.class).map(session -> watched(session, revoker))
                : answer;
    }

    private static Watched watched(ReactiveSessionInformation session, Supplier<Revoker> revoker) {
        return session instanceof Watched watched ? watched : new Watched(session, revoker);
    }

    private static final class Watched extends ReactiveSessionInformation {

        private static final long serialVersionUID = 1L;

        private final ReactiveSessionInformation session;
        private final transient Supplier<Revoker> revoker;

        Watched(ReactiveSessionInformation session, Supplier<Revoker> revoker) {
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
            return new Watched(session.withSessionId(id), revoker);
        }
    }
}
