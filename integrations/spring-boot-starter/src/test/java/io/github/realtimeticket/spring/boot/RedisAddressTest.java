// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisURI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class RedisAddressTest {

    @Test
    void withoutSettingsItIsThisMachine() {
        RedisAddress address = address(Map.of());

        assertThat(address.cluster()).isFalse();
        assertThat(address.uris()).singleElement().satisfies(uri -> {
            assertThat(uri.getHost()).isEqualTo("localhost");
            assertThat(uri.getPort()).isEqualTo(6379);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis-1",
                "redis_1.internal.",
                "192.0.2.1",
                "2001:db8::1",
                "::ffff:192.0.2.1",
                "[::1]",
                "fe80::1%eth0"
            })
    void aHostIsANameOrAnAddress(String host) {
        assertThat(address(Map.of("host", host)).uris()).singleElement().satisfies(uri -> {
            assertThat(uri.getHost()).isEqualTo(host);
            assertThat(uri.getPort()).isEqualTo(6379);
        });
    }

    @Test
    void sentinelsKnowTheServerAndHaveALoginOfTheirOwn() {
        RedisURI uri = address(Map.of(
                        "sentinel.master", "main",
                        "sentinel.nodes", "s1:26379,[::1]:26380",
                        "sentinel.username", "watcher",
                        "sentinel.password", "watch",
                        "password", "tickets",
                        "database", "3",
                        "ssl.enabled", "true"))
                .uris()
                .get(0);

        assertThat(uri.getSentinelMasterId()).isEqualTo("main");
        assertThat(uri.getDatabase()).isEqualTo(3);
        assertThat(password(uri)).isEqualTo("tickets");
        assertThat(uri.getSentinels()).extracting(RedisURI::getHost).containsExactly("s1", "::1");
        assertThat(uri.getSentinels()).extracting(RedisURI::getPort).containsExactly(26379, 26380);
        assertThat(uri.getSentinels()).allSatisfy(sentinel -> {
            assertThat(sentinel.isSsl()).isTrue();
            assertThat(password(sentinel)).isEqualTo("watch");
        });
    }

    @Test
    void aClusterIsKnownByItsNodes() {
        RedisAddress address = address(Map.of("cluster.nodes", "a:7000,b:7001", "password", "tickets"));

        assertThat(address.cluster()).isTrue();
        assertThat(address.uris()).extracting(RedisURI::getPort).containsExactly(7000, 7001);
        assertThat(address.uris()).allSatisfy(uri -> assertThat(password(uri)).isEqualTo("tickets"));
    }

    @Test
    void aPasswordIsNotPrinted() {
        assertThat(properties(Map.of("url", "redis://:secret@localhost:6379", "password", "secret")))
                .asString()
                .doesNotContain("secret");
    }

    private static RedisAddress address(Map<String, String> settings) {
        RedisProperties properties = properties(settings);
        return RedisAddress.of(properties).with(properties);
    }

    private static RedisProperties properties(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("", RedisProperties.class);
    }

    private static String password(RedisURI uri) {
        return new String(
                uri.getCredentialsProvider().resolveCredentials().block().getPassword());
    }
}
