// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.quarkus;

import io.github.realtimeticket.redis.RedisTicketStore;
import io.lettuce.core.RedisURI;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The application's store, which waits as long as a busy machine may need. */
@Singleton
public class PatientStore {

    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    RedisTicketStore store(@ConfigProperty(name = "tickets.redis") String url) {
        return RedisTicketStore.builder(RedisURI.create(url))
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    void close(@Disposes RedisTicketStore store) {
        store.close();
    }
}
