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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

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

    private static final Logger LOG = LoggerFactory.getLogger(RealtimeTicketRedisAutoConfiguration.class);

    RealtimeTicketRedisAutoConfiguration() {}

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean(TicketStore.class)
    RedisTicketStore realtimeTicketStore(
            RealtimeTicketProperties properties,
            ObjectProvider<SslBundles> bundles,
            Optional<BootRedis> boot,
            Environment environment) {
        RedisProperties redis = properties.redis();
        BootRedis there = redis.hasAddress()
                ? new Bound(redis, bundles)
                : boot.orElseGet(() -> new Bound(springDataRedis(environment), bundles));
        RedisAddress address = there.address().with(redis);
        SslBundle bundle = redis.ssl().bundle() == null
                ? there.bundle()
                : bundle(redis.ssl().bundle(), bundles);
        LOG.info("Tickets are kept in Redis at {}", address.places());
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

    // The names are the same as ours, for applications that have Lettuce but not Spring Data.
    private static RedisProperties springDataRedis(Environment environment) {
        return Binder.get(environment)
                .bindOrCreate("spring.data.redis", SpringDataRedis.class)
                .properties();
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

    /** What properties say of a Redis. */
    private record Bound(RedisProperties properties, ObjectProvider<SslBundles> bundles) implements BootRedis {

        @Override
        public RedisAddress address() {
            return RedisAddress.of(properties).with(properties);
        }

        @Override
        public @Nullable SslBundle bundle() {
            String name = properties.ssl().bundle();
            return name == null ? null : RealtimeTicketRedisAutoConfiguration.bundle(name, bundles);
        }
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
