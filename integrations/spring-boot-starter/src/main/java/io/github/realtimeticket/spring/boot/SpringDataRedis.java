// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.lettuce.core.RedisURI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** One server in Boot's {@code spring.data.redis} properties, for applications without Spring Data, where Boot reads none of them. */
record SpringDataRedis(
        @Nullable String url,
        @DefaultValue("localhost") String host,
        @DefaultValue("6379") int port,
        @DefaultValue("0") int database,
        @Nullable String username,
        @Nullable String password,
        @DefaultValue Ssl ssl,
        @Nullable Map<String, Object> sentinel,
        @Nullable Map<String, Object> cluster,
        @Nullable Map<String, Object> masterreplica) {

    static SpringDataRedis of(Environment environment) {
        return Binder.get(environment).bindOrCreate("spring.data.redis", SpringDataRedis.class);
    }

    /** Whether the URL asks for TLS, which Boot's connection details do not tell. */
    boolean urlIsSecure() {
        return url != null && url.startsWith("rediss:");
    }

    RedisAddress address(ObjectProvider<SslBundles> bundles) {
        WrongProperty.refuse(
                sentinel != null || cluster != null || masterreplica != null,
                "store",
                RealtimeTicketProperties.Store.REDIS,
                "spring.data.redis names Sentinels, a Cluster or replicas: to keep tickets there,"
                        + " add org.springframework.boot:spring-boot-starter-data-redis");
        RedisURI server =
                url == null ? RedisAddress.server(host, port) : RedisAddress.parse("spring.data.redis.url", url);
        if (url == null) {
            server.setDatabase(database);
            RedisAddress.login(server, username, password);
        }
        server.setSsl(server.isSsl() || ssl.isOn());
        return new RedisAddress(server, bundle(bundles));
    }

    /** What TLS trusts and shows; the platform's trust if {@code null}. */
    @Nullable
    SslBundle bundle(ObjectProvider<SslBundles> bundles) {
        return ssl.isOn() && StringUtils.hasLength(ssl.bundle())
                ? bundles.getObject().getBundle(ssl.bundle())
                : null;
    }

    /** All but the secrets. */
    @Override
    public String toString() {
        return "SpringDataRedis[host=" + host + ", port=" + port + ", database=" + database + "]";
    }

    record Ssl(@Nullable Boolean enabled, @Nullable String bundle) {

        boolean isOn() {
            return enabled == null ? bundle != null : enabled;
        }
    }
}
