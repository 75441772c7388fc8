// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import java.time.Duration;

/**
 * The options with which a Lettuce client sends each command at most once.
 *
 * <p>With Lettuce's own defaults a {@code GETDEL} whose answer was lost is sent again after a reconnect. It then finds nothing,
 * and "nothing" would be the answer where nobody knows (T5). These options need Lettuce 6.7 or later; before, a client sends again
 * what was under way all the same, unless {@code autoReconnect} is {@code false}. The client that a store opens itself has it so, but
 * for a Cluster.
 */
public final class AtMostOnce {

    // What waits for an answer on one connection. At 100 bytes of JSON this is a few megabytes, and more than a
    // second's work.
    static final int WAITING_COMMANDS = 10_000;

    private AtMostOnce() {}

    /**
     * Options for a {@link io.lettuce.core.RedisClient}; {@link ClientOptions#mutate} adds others, such as those for TLS.
     *
     * @param timeout how long to wait for a connection, and for an answer
     */
    public static ClientOptions options(Duration timeout) {
        return withoutMaintenance(ClientOptions.builder())
                .autoReconnect(true)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(WAITING_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        .keepAlive(true)
                        .build())
                .build();
    }

    /** As {@link #options}, for a client whose connections are opened again by the one that uses them. */
    static ClientOptions withoutReconnect(Duration timeout) {
        return options(timeout).mutate().autoReconnect(false).build();
    }

    /** As {@link #options}, for a {@link io.lettuce.core.cluster.RedisClusterClient}. */
    public static ClusterClientOptions clusterOptions(Duration timeout) {
        return ClusterClientOptions.builder(options(timeout)).build();
    }

    // Only some hosted servers announce maintenance, and an account of least privilege may not ask for it.
    private static ClientOptions.Builder withoutMaintenance(ClientOptions.Builder options) {
        try {
            return options.maintNotificationsConfig(MaintNotificationsConfig.disabled());
        } catch (LinkageError e) {
            // A Lettuce before 7.0, which never asks.
            return options;
        }
    }

    /** Refuses options that may send a command twice. */
    static void require(ClientOptions options) {
        if (options.isAutoReconnect() && options.getDisconnectedBehavior() != DisconnectedBehavior.REJECT_COMMANDS) {
            throw new IllegalArgumentException(
                    "The Redis client would send commands again after a reconnect. Give it the"
                            + " options of AtMostOnce, or set disconnectedBehavior to REJECT_COMMANDS");
        }
    }
}
