// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.mock.env.MockEnvironment;

/** What becomes of Boot's settings, with Spring Data, where Boot reads them, and without. */
class RedisAddressTest {

    private static final SslBundle BUNDLE = SslBundle.of(null);
    private static final SslBundles BUNDLES = new DefaultSslBundleRegistry("tickets", BUNDLE);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutSettingsItIsThisMachine(boolean springData) {
        RedisAddress address = address(springData);

        assertThat(address.places()).isEqualTo("localhost:6379");
        assertThat(address.uris().get(0).isSsl()).isFalse();
        assertThat(login(address.uris().get(0))).isEqualTo("null:null");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerHasADatabaseAndALogin(boolean springData) {
        RedisURI uri = address(
                        springData, "host=redis-1", "port=7000", "database=3", "username=tickets", "password=let-me-in")
                .uris()
                .get(0);

        assertThat(uri.getHost()).isEqualTo("redis-1");
        assertThat(uri.getPort()).isEqualTo(7000);
        assertThat(uri.getDatabase()).isEqualTo(3);
        assertThat(login(uri)).isEqualTo("tickets:let-me-in");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-1:7000", "redis 1", "redis://redis-1", "user@redis-1", "redis-1/3"})
    void aHostThatIsNoneStopsTheStartAndIsNotShown(String host) {
        for (boolean springData : List.of(true, false)) {
            assertThatThrownBy(() -> address(springData, "host=" + host))
                    .hasStackTraceContaining("spring.data.redis.host (not shown)")
                    .hasStackTraceContaining("Its port is spring.data.redis.port");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-1.example.", "my_redis", "10.0.0.1", "::1", "fe80::1%eth0", "[::1]", "名前.example"})
    void aHostIsANameOrAnAddress(String host) {
        for (boolean springData : List.of(true, false)) {
            assertThat(address(springData, "host=" + host).uris().get(0).getHost())
                    .isEqualTo(host);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true, redis, redis-1:7000, false",
        "true, rediss, redis-1:7000, true",
        "false, redis, redis-1:7000, false",
        "false, rediss, redis-1:7000, true",
        "false, rediss, redis-1, true"
    })
    void aUrlReplacesThemAndMayAskForTls(boolean springData, String scheme, String place, boolean tls) {
        RedisURI uri = address(
                        springData,
                        "url=" + scheme + "://tickets:let%20me@" + place + "/3",
                        "host=unused",
                        "database=9",
                        "username=unused",
                        "password=unused")
                .uris()
                .get(0);

        assertThat(uri.getHost()).isEqualTo("redis-1");
        assertThat(uri.getPort()).isEqualTo(place.endsWith("7000") ? 7000 : 6379);
        assertThat(uri.getDatabase()).isEqualTo(3);
        assertThat(login(uri)).isEqualTo("tickets:let me");
        assertThat(uri.isSsl()).isEqualTo(tls);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPasswordThatIsEmptyIsNone(boolean springData) {
        RedisURI uri = address(springData, "username=", "password=").uris().get(0);

        assertThat(login(uri)).isEqualTo("null:null");
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, ssl.bundle=tickets",
        "false, true, ssl.bundle=tickets",
        "true, false, ssl.enabled=true",
        "false, false, ssl.enabled=true"
    })
    void tlsHasABundleOrTheTrustOfThePlatform(boolean springData, boolean bundle, String setting) {
        RedisAddress address = address(springData, setting);

        assertThat(address.uris()).singleElement().matches(RedisURI::isSsl);
        assertThat(address.bundle() == BUNDLE).isEqualTo(bundle);
    }

    @ParameterizedTest
    @CsvSource({"true, ssl.enabled=true", "false, database=3"})
    void sentinelsKnowTheServerAndHaveALoginOfTheirOwn(boolean tls, String setting) {
        RedisAddress address = address(
                true,
                "sentinel.master=main",
                "sentinel.nodes=s1:26379,s2:26380",
                "sentinel.username=watcher",
                "sentinel.password=watch",
                "password=tickets",
                "database=3",
                setting);
        RedisURI uri = address.uris().get(0);

        assertThat(address.places()).isEqualTo("the master that Sentinels call main");
        assertThat(uri.getDatabase()).isEqualTo(3);
        assertThat(login(uri)).isEqualTo("null:tickets");
        assertThat(uri.isSsl()).isEqualTo(tls);
        assertThat(uri.getSentinels()).extracting(RedisURI::getHost).containsExactly("s1", "s2");
        assertThat(uri.getSentinels()).extracting(RedisURI::getPort).containsExactly(26379, 26380);
        assertThat(uri.getSentinels()).allSatisfy(sentinel -> {
            assertThat(sentinel.isSsl()).isEqualTo(tls);
            assertThat(login(sentinel)).isEqualTo("watcher:watch");
        });
    }

    @Test
    void aClusterIsKnownByItsNodes() {
        RedisAddress address = address(true, "cluster.nodes=a:7000,b:7001", "password=tickets", "ssl.bundle=tickets");

        assertThat(address.cluster()).isTrue();
        assertThat(address.bundle()).isSameAs(BUNDLE);
        assertThat(address.places()).isEqualTo("a:7000, b:7001");
        assertThat(address.uris()).allSatisfy(uri -> {
            assertThat(login(uri)).isEqualTo("null:tickets");
            assertThat(uri.isSsl()).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    false | sentinel.master=main      | spring-boot-starter-data-redis
                    false | cluster.nodes=a:7000      | spring-boot-starter-data-redis
                    false | masterreplica.nodes=a:7000 | spring-boot-starter-data-redis
                    true  | masterreplica.nodes=a:7000 | realtime-ticket.redis.url
                    """)
    void whatTicketsCannotBeKeptInIsNotPassedOver(boolean springData, String setting, String remedy) {
        assertThatThrownBy(() -> address(springData, setting))
                .hasStackTraceContaining("Property realtime-ticket.store with value 'REDIS' is invalid")
                .hasStackTraceContaining("spring.data.redis")
                .hasStackTraceContaining(remedy);
    }

    @Test
    void connectionDetailsOfTheApplicationReplaceTheProperties() {
        DataRedisConnectionDetails container = new DataRedisConnectionDetails() {
            @Override
            public Standalone getStandalone() {
                return Standalone.of("container", 32768);
            }
        };

        boot.withBean(DataRedisConnectionDetails.class, () -> container)
                .withPropertyValues("spring.data.redis.host=unused", "spring.data.redis.password=unused")
                .run(context -> {
                    RedisAddress address = context.getBean(RedisAddress.class);

                    assertThat(address.places()).isEqualTo("container:32768");
                    assertThat(login(address.uris().get(0))).isEqualTo("null:null");
                });
    }

    @Test
    void aPasswordIsNotPrinted() {
        var properties = new RedisProperties(
                "redis://:secret@localhost:6379",
                java.time.Duration.ofSeconds(1),
                RedisProperties.History.AUTO,
                new RedisProperties.RevocationsProperties("ticket-revocations"));
        var environment = new MockEnvironment()
                .withProperty("spring.data.redis.url", "redis://:secret@localhost:6379")
                .withProperty("spring.data.redis.password", "secret");

        assertThat(properties).asString().doesNotContain("secret");
        assertThat(SpringDataRedis.of(environment)).asString().doesNotContain("secret");
        assertThat(address(true, "password=secret")).asString().doesNotContain("secret");
    }

    private final ApplicationContextRunner boot = new ApplicationContextRunner()
            .withBean(SslBundles.class, () -> BUNDLES)
            .withUserConfiguration(DataRedisAutoConfiguration.class, RealtimeTicketRedisAutoConfiguration.Boot.class);

    private RedisAddress address(boolean springData, String... settings) {
        Map<String, String> properties = List.of(settings).stream()
                .map(setting -> setting.split("=", 2))
                .collect(java.util.stream.Collectors.toMap(
                        setting -> "spring.data.redis." + setting[0], setting -> setting[1], (one, same) -> same));
        return springData ? read(properties) : bound(properties);
    }

    private RedisAddress read(Map<String, String> properties) {
        var found = new java.util.concurrent.atomic.AtomicReference<@Nullable RedisAddress>();
        boot.withPropertyValues(properties.entrySet().stream()
                        .map(property -> property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new))
                .run(context -> found.set(context.getBean(RedisAddress.class)));
        return java.util.Objects.requireNonNull(found.get());
    }

    private static RedisAddress bound(Map<String, String> properties) {
        var environment = new MockEnvironment();
        properties.forEach(environment::setProperty);
        var context = new StaticApplicationContext();
        context.registerBean(SslBundles.class, () -> BUNDLES);
        context.refresh();
        return SpringDataRedis.of(environment).address(context.getBeanProvider(SslBundles.class));
    }

    private static String login(RedisURI uri) {
        var credentials = uri.getCredentialsProvider().resolveCredentials().block();
        return credentials.getUsername()
                + ":"
                + (credentials.getPassword() == null ? null : String.valueOf(credentials.getPassword()));
    }
}
