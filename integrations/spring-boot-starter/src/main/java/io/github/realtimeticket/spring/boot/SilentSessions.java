// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Says at the start that sessions expire without a word, as in some repositories of Spring Session, unless connections end by themselves.
 *
 * @param repositories those of either web stack
 */
record SilentSessions(RealtimeTicketProperties properties, List<ObjectProvider<?>> repositories)
        implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(SilentSessions.class);

    /** Those of Spring Session that publish no event. */
    private static final Set<String> SILENT = Set.of(
            "JdbcIndexedSessionRepository",
            "MapSessionRepository",
            "ReactiveMapSessionRepository",
            "ReactiveRedisSessionRepository",
            "RedisSessionRepository");

    @Override
    public void afterSingletonsInstantiated() {
        if (properties.connection().maximumAge() == null) {
            repositories.stream()
                    .flatMap(ObjectProvider::stream)
                    .map(repository -> AopUtils.getTargetClass(repository).getSimpleName())
                    .filter(SILENT::contains)
                    .forEach(name -> LOG.warn(
                            "{} tells nobody when a session expires: what its tickets have opened stays open. Keep sessions in"
                                    + " one that tells, as RedisIndexedSessionRepository does, or set"
                                    + " realtime-ticket.connection.maximum-age",
                            name));
        }
    }
}
