// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.redis.HistoryCheck;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.redis.RedisTicketStoreBuilder;
import io.github.realtimeticket.redis.TicketKeys;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SslOptions;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
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

    RealtimeTicketRedisAutoConfiguration(Environment environment) {
        UnreadSettings.refuse(environment);
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean(TicketStore.class)
    RedisTicketStore realtimeTicketStore(
            RealtimeTicketProperties properties,
            ObjectProvider<RedisAddress> boot,
            ObjectProvider<SslBundles> bundles,
            Environment environment) {
        properties.requireStore(RealtimeTicketProperties.Store.REDIS);
        UnreadSettings.warn(environment, RealtimeTicketProperties.Store.REDIS);
        RedisProperties redis = properties.redis();
        Duration timeout = WrongProperty.timeout("redis.timeout", redis.timeout());
        String stream = redis.revocations().key();
        WrongProperty.require(
                !stream.isEmpty() && stream.length() <= 256,
                "redis.revocations.key",
                stream,
                "1 to 256 characters long");
        String prefix = properties.keyPrefix();
        WrongProperty.require(prefix.length() <= 256, "key-prefix", prefix, "at most 256 characters long");
        SpringDataRedis springData = SpringDataRedis.of(environment);
        RedisAddress address = redis.url() == null
                ? boot.getIfAvailable(() -> springData.address(bundles))
                : new RedisAddress(
                        RedisAddress.parse("realtime-ticket.redis.url", redis.url()), springData.bundle(bundles));
        LOG.info("Tickets are kept in Redis at {}", address.places());
        RedisTicketStoreBuilder store = address.cluster()
                ? RedisTicketStore.clusterBuilder(address.uris())
                : RedisTicketStore.builder(address.uris().get(0));
        if (address.bundle() != null) {
            store.sslOptions(options(address.bundle()));
        }
        return store.timeout(timeout)
                .keys(
                        switch (properties.keyMode()) {
                            case HASHED -> TicketKeys.hashed(prefix);
                            case PLAIN -> TicketKeys.plain(prefix);
                        })
                .history(HistoryCheck.valueOf(redis.history().name()))
                .revocations(stream)
                .build();
    }

    /** Ends with the store. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    @ConditionalOnBean(RedisTicketStore.class)
    @ConditionalOnBooleanProperty("realtime-ticket.revocations.enabled")
    Revocations realtimeTicketRevocations(RedisTicketStore store) {
        return store.revocations();
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

    /** Where Boot has connection details, in which somebody may have replaced its properties. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DataRedisConnectionDetails.class)
    static class Boot {

        // Lazy, for it is not always asked for.
        @Bean
        @Lazy
        @ConditionalOnBean(DataRedisConnectionDetails.class)
        RedisAddress realtimeTicketRedisAddress(DataRedisConnectionDetails details, Environment environment) {
            return BootRedisAddress.of(details, SpringDataRedis.of(environment).urlIsSecure());
        }
    }
}
