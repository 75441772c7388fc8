// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.Revocation;
import java.util.Objects;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AbstractAdvisingBeanPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.session.ReactiveSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import reactor.core.publisher.Mono;

/**
 * Has Spring Session's own repositories revoke what was issued in a session that is deleted through them, by a request or by anybody else. Some
 * tell nobody of it; the reactive ones that tell often find the session gone before they know whose it was.
 *
 * <p>Thread-safe.
 */
public final class DeletedSessions extends AbstractAdvisingBeanPostProcessor {

    private static final long serialVersionUID = 1L;

    /** Revokes with this, which is asked for when a session is deleted. */
    public DeletedSessions(Supplier<Revoker> revoker) {
        var deletion = new NameMatchMethodPointcut();
        deletion.setMappedName("deleteById");
        advisor = new DefaultPointcutAdvisor(deletion, (MethodInterceptor) call -> {
            String id = (String) Objects.requireNonNull(call.getArguments()[0]);
            return call.getThis() instanceof ReactiveSessionRepository<?> sessions
                    ? Reactive.delete(sessions, id, call, revoker)
                    : delete((SessionRepository<?>) Objects.requireNonNull(call.getThis()), id, call, revoker);
        });
        setProxyTargetClass(true);
    }

    @Override
    protected boolean isEligible(Class<?> type) {
        return type.getName().startsWith("org.springframework.session.")
                && (SessionRepository.class.isAssignableFrom(type)
                        || ReactiveSessionRepository.class.isAssignableFrom(type))
                && super.isEligible(type);
    }

    private static @Nullable Object delete(
            SessionRepository<?> sessions, String id, MethodInvocation call, Supplier<Revoker> revoker)
            throws Throwable {
        boolean login = !isRevoked(id) && holdsLogin(sessions, id);
        try {
            return call.proceed();
        } finally {
            // A store whose answer is lost may have deleted it.
            if (login) {
                revoker.get().revoke(Revocation.session(id));
            }
        }
    }

    private static boolean holdsLogin(SessionRepository<?> sessions, String id) {
        try {
            Session session = sessions.findById(id);
            return session != null
                    && (session.getAttribute(SessionEnds.LOGIN) != null
                            || session.getAttribute(SessionEnds.ISSUED) != null);
        } catch (RuntimeException e) {
            // One that cannot be read is deleted all the same, and may have been somebody's.
            return true;
        }
    }

    /** By the logout that this is a part of. */
    private static boolean isRevoked(String id) {
        RequestAttributes request = RequestContextHolder.getRequestAttributes();
        try {
            return request != null
                    && id.equals(request.getAttribute(SessionEnds.REVOKED, RequestAttributes.SCOPE_REQUEST));
        } catch (IllegalStateException e) {
            // A request that is over, which somebody has left on the thread.
            return false;
        }
    }

    /** Apart, for where there is no Reactor. */
    private static final class Reactive {

        static Object delete(
                ReactiveSessionRepository<?> sessions, String id, MethodInvocation call, Supplier<Revoker> revoker)
                throws Throwable {
            Mono<Void> deletion = ((Mono<?>) Objects.requireNonNull(call.proceed())).then();
            return Mono.deferContextual(context -> TellingSession.isTold(id, context)
                    ? deletion
                    : sessions.findById(id)
                            .map(session -> TellingSession.holdsLogin(session.getAttributeNames()))
                            .defaultIfEmpty(false)
                            .onErrorReturn(true)
                            .flatMap(login -> login ? TellingSession.telling(deletion, id, revoker.get()) : deletion));
        }
    }
}
