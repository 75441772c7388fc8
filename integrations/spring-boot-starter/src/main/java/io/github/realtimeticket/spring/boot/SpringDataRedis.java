// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Where the properties {@code spring.data.redis} say Redis is, when nothing of Boot's is there to read them. */
record SpringDataRedis(
        @Nullable String url,
        @Nullable String host,
        @Nullable Integer port,
        @Nullable Integer database,
        @Nullable String username,
        @Nullable String password,
        @DefaultValue RedisProperties.Ssl ssl,
        @DefaultValue RedisProperties.Sentinel sentinel,
        @DefaultValue RedisProperties.Cluster cluster) {

    /** The same as ours; as in Boot, a URL replaces host, port and login. */
    RedisProperties properties() {
        Duration unused = Duration.ofSeconds(1);
        return url != null
                ? new RedisProperties(url, null, null, null, null, null, unused, ssl, sentinel, cluster)
                : new RedisProperties(null, host, port, database, username, password, unused, ssl, sentinel, cluster);
    }
}
