// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.Revocation;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AbstractAdvisingBeanPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.session.SessionRegistryImpl;

/**
 * Has a {@link SessionRegistryImpl}, or Spring Session's registry, revoke a session that somebody expires, as concurrent-session control does. Spring Security notices such a
 * session with its next request only, which a page with an open connection need not make. A registry of another class is left alone: what it
 * is asked for may be of a class of its own.
 *
 * <p>Thread-safe.
 */
public final class ExpiredSessions extends AbstractAdvisingBeanPostProcessor {

    private static final long serialVersionUID = 1L;

    // Spelled out because it may not be there.
    private static final String OF_SPRING_SESSION =
            "org.springframework.session.security.SpringSessionBackedSessionRegistry";

    /** Revokes with this, which is asked for when a session is expired. */
    public ExpiredSessions(Supplier<Revoker> revoker) {
        var asked = new NameMatchMethodPointcut();
        asked.setMappedNames("getAllSessions", "getSessionInformation");
        advisor = new DefaultPointcutAdvisor(asked, (MethodInterceptor) call -> watched(call.proceed(), revoker));
        setProxyTargetClass(true);
    }

    @Override
    protected boolean isEligible(Class<?> type) {
        return (type == SessionRegistryImpl.class || type.getName().equals(OF_SPRING_SESSION))
                && super.isEligible(type);
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
}
