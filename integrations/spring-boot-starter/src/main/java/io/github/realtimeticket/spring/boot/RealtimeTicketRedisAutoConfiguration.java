// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.redis.RedisTicketStoreBuilder;
import io.github.realtimeticket.redis.TicketKeys;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SslOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The store in Redis, on a connection of its own. */
@AutoConfiguration(
        before = RealtimeTicketAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
            "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration"
        })
@ConditionalOnClass({RedisTicketStore.class, RedisClient.class})
@ConditionalOnProperty(name = "realtime-ticket.store", havingValue = "redis")
@EnableConfigurationProperties(RealtimeTicketProperties.class)
public final class RealtimeTicketRedisAutoConfiguration {

    RealtimeTicketRedisAutoConfiguration() {}

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean(TicketStore.class)
    RedisTicketStore realtimeTicketStore(
            RealtimeTicketProperties properties, ObjectProvider<SslBundles> bundles, Optional<BootRedis> boot) {
        RedisProperties redis = properties.redis();
        boolean own = redis.hasAddress() || boot.isEmpty();
        RedisAddress address = (own ? RedisAddress.of(redis) : boot.get().address()).with(redis);
        SslBundle bundle =
                redis.ssl().bundle() == null ? null : bundle(redis.ssl().bundle(), bundles);
        if (bundle == null && !own) {
            bundle = boot.get().bundle();
        }
        RedisTicketStoreBuilder store = address.cluster()
                ? RedisTicketStore.clusterBuilder(address.uris())
                : RedisTicketStore.builder(address.uris().get(0));
        if (bundle != null) {
            store.sslOptions(options(bundle));
        }
        String prefix = properties.keyPrefix();
        return store.timeout(redis.timeout())
                .keys(
                        switch (properties.keyMode()) {
                            case HASHED -> TicketKeys.hashed(prefix);
                            case PLAIN -> TicketKeys.plain(prefix);
                        })
                .build();
    }

    private static SslBundle bundle(String name, ObjectProvider<SslBundles> bundles) {
        try {
            return bundles.getObject().getBundle(name);
        } catch (NoSuchSslBundleException e) {
            throw AllowedValues.wrong("redis.ssl.bundle", e);
        }
    }

    private static SslOptions options(SslBundle bundle) {
        SslOptions.Builder options = SslOptions.builder()
                .keyManager(bundle.getManagers().getKeyManagerFactory())
                .trustManager(bundle.getManagers().getTrustManagerFactory());
        String[] ciphers = bundle.getOptions().getCiphers();
        String[] protocols = bundle.getOptions().getEnabledProtocols();
        if (ciphers != null) {
            options.cipherSuites(ciphers);
        }
        if (protocols != null) {
            options.protocols(protocols);
        }
        return options.build();
    }

    /** What Boot knows of a Redis, without its types, which are not always there. */
    interface BootRedis {

        RedisAddress address();

        @Nullable
        SslBundle bundle();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DataRedisConnectionDetails.class)
    static class Boot {

        @Bean
        @ConditionalOnBean(DataRedisConnectionDetails.class)
        BootRedis realtimeTicketBootRedis(DataRedisConnectionDetails details) {
            return new BootRedis() {
                @Override
                public RedisAddress address() {
                    return BootRedisAddress.of(details);
                }

                @Override
                public @Nullable SslBundle bundle() {
                    return details.getSslBundle();
                }
            };
        }
    }
}
