// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** A wrong value stops the start, with a message that names the property and what is allowed, and shows no secret. */
@ExtendWith(OutputCaptureExtension.class)
class WrongPropertyTest {

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        SslAutoConfiguration.class,
        RealtimeTicketAutoConfiguration.class,
        RealtimeTicketRedisAutoConfiguration.class,
        RealtimeTicketWebAutoConfiguration.class,
        TomcatServletWebServerAutoConfiguration.class
    })
    static class Minimal {}

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    path               | ticket            | such as /ticket/
                    path               | /                 | such as /ticket/
                    path               | /ticket/**        | such as /ticket/
                    path               | /tick et          | such as /ticket/
                    time-to-live       | 0                 | 1 s to 300 s
                    time-to-live       | 999ms             | 1 s to 300 s
                    time-to-live       | 301s              | 1 s to 300 s
                    carrier-name       | my ticket         | letters, digits
                    audience           | ''                | 1 to 512 characters
                    origin             | app.example       | https://app.example
                    origin             | https://app.example/ | https://app.example
                    allowed-origins    | *                 | https://app.example
                    allowed-origins    | https://a.example,null | https://app.example
                    allowed-origins    | https://a.example/chat | without a path
                    gate.allowed-origins | *               | https://app.example
                    connection.maximum-age | 999ms         | at least 1 s
                    limit.burst        | 0                 | 1 to 1000000
                    limit.per-second   | 0                 | 0.001 to 1000000
                    memory.maximum     | 0                 | at least 1
                    redis.timeout      | 0                 | 1ms to 10s
                    redis.timeout      | 11s               | 1ms to 10s
                    """)
    void aWrongValueIsNamedWithWhatIsAllowed(String property, String value, String allowed, CapturedOutput output) {
        start(
                "--realtime-ticket.store=" + (property.startsWith("redis") ? "redis" : "memory"),
                "--realtime-ticket." + property + "=" + value);

        assertThat(output.getOut())
                .contains("APPLICATION FAILED TO START")
                .contains("Invalid value '" + value + "' for configuration property 'realtime-ticket." + property + "'")
                .contains("originating from", "commandLineArgs")
                .containsPattern(" must .*" + Pattern.quote(allowed));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    realtime/**       | such as /realtime/**
                    /realtime/{room   | close capture character
                    """)
    void aPathThatIsNoPatternIsNamed(String path, String reason) {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        RealtimeTicketAutoConfiguration.class,
                        RealtimeTicketSecurityAutoConfiguration.class,
                        RealtimeTicketWebAutoConfiguration.class))
                .withUserConfiguration(Secured.class)
                .withPropertyValues("realtime-ticket.gate.paths=" + path)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                        .hasMessageContaining("realtime-ticket.gate.paths")
                        .hasMessageContaining(reason));
    }

    @Test
    void noPathsAreNone() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        RealtimeTicketAutoConfiguration.class,
                        RealtimeTicketSecurityAutoConfiguration.class,
                        RealtimeTicketWebAutoConfiguration.class))
                .withUserConfiguration(Secured.class)
                .withPropertyValues("realtime-ticket.gate.paths=")
                .run(context ->
                        assertThat(context).hasNotFailed().doesNotHaveBean("realtimeTicketSecurityFilterChain"));
    }

    @EnableWebSecurity
    @EnableWebMvc
    static class Secured {}

    @Test
    void pathsThatNothingGuardsAreNamed(CapturedOutput output) {
        start("--realtime-ticket.gate.paths=/realtime/**");

        assertThat(output.getOut())
                .contains("APPLICATION FAILED TO START")
                .contains("configuration property 'realtime-ticket.gate.paths'", "with Spring Security");
    }

    @Test
    void anAlarmThatClosesNeedsRevocations(CapturedOutput output) {
        start("--realtime-ticket.store=redis", "--realtime-ticket.replay-alarm=close");

        assertThat(output.getOut())
                .contains("Invalid value 'close' for configuration property 'realtime-ticket.replay-alarm'")
                .contains("must be OFF or LOG without revocations");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    time-to-live       | soon              | not a valid duration
                    carrier            | cookie            | SUBPROTOCOL
                    store              | postgres          | REDIS
                    jdbc.initialize-schema | perhaps       | EMBEDDED
                    key-mode           | secret            | HASHED
                    memory.maximum     | many              | int
                    limit.per-second   | many              | double
                    limit.enabled      | perhaps           | boolean
                    authorities        | perhaps           | boolean
                    redis.timeout      | slow              | not a valid duration
                    """)
    void aValueThatIsNoneOfItsTypeIsExplainedByBoot(
            String property, String value, String allowed, CapturedOutput output) {
        start("--realtime-ticket." + property + "=" + value);

        assertThat(output.getOut())
                .contains("APPLICATION FAILED TO START")
                .contains("Property: realtime-ticket." + property, "Value: \"" + value + "\"", allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://:s3cret@localhost",
                "redis://:s3cret@localhost:99999",
                "redis://:s3cret@localhost/three",
                "redis://:s3 cret@localhost",
                "redis://:s3@cret@localhost",
                "redis://:s3#cret@localhost",
                "redis://s3:6379#cret@localhost",
                "redis://s3:6379?cret@localhost",
                "redis://:s3/cret@localhost",
                "redis-sentinel://:s3cret@s1:26379/0#main",
                "s3cret"
            })
    void anAddressThatIsWrongIsNotShown(String url, CapturedOutput output) {
        for (String property : List.of("realtime-ticket.redis.url", "spring.data.redis.url")) {
            start("--realtime-ticket.store=redis", "--" + property + "=" + url);

            assertThat(output.getOut())
                    .contains("APPLICATION FAILED TO START")
                    .contains("'***' for configuration property '" + property + " (not shown)'")
                    .contains("redis://user:password@host:6379/0");
        }
        assertThat(output.getAll()).doesNotContain("s3").doesNotContain("cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"path=ticket", "store=postgres", "authorities=perhaps", "limit.burst=0", "redis.timeout=slow"})
    void anAddressIsNotShownBecauseAnotherSettingIsWrong(String wrong, CapturedOutput output) {
        start("--realtime-ticket.redis.url=redis://:s3cret@localhost", "--realtime-ticket." + wrong);

        assertThat(output.getOut()).contains("APPLICATION FAILED TO START");
        assertThat(output.getAll()).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    host               | spring.data.redis.host
                    port               | spring.data.redis.port
                    db                 | spring.data.redis.database
                    database           | spring.data.redis.database
                    username           | spring.data.redis.username
                    password           | spring.data.redis.password
                    socket-timeout     | realtime-ticket.redis.timeout
                    ssl.enabled        | spring.data.redis.ssl
                    ssl.bundle         | spring.data.redis.ssl
                    sentinel.master    | spring.data.redis.sentinel
                    sentinel.nodes     | spring.data.redis.sentinel
                    sentinel.nodes[0]  | spring.data.redis.sentinel
                    cluster.nodes      | spring.data.redis.cluster
                    client-name        | spring.data.redis.client-name
                    """)
    void aSettingThatIsElsewhereStopsTheStartAndSaysWhere(String name, String place, CapturedOutput output) {
        for (String store : List.of("memory", "redis")) {
            start("--realtime-ticket.store=" + store, "--realtime-ticket.redis." + name + "=s3cret");
        }

        assertThat(output.getOut().split("APPLICATION FAILED TO START", -1)).hasSize(3);
        assertThat(output.getOut())
                .contains("realtime-ticket.redis." + name.replaceAll("[.].*", ""))
                .contains("It is not read. Set " + place);
        assertThat(output.getAll()).doesNotContain("s3cret");
    }

    @Test
    void aSettingThatIsNowhereStopsTheStartAndIsNotLookedForElsewhere(CapturedOutput output) {
        start("--realtime-ticket.redis.histroy=false");

        assertThat(output.getOut())
                .contains("realtime-ticket.redis.histroy", "There is no such setting.")
                .doesNotContain("spring.data.redis.histroy");
    }

    @Test
    void aSystemPropertyOfRedisIsLookedAtToo() {
        new ApplicationContextRunner()
                .withUserConfiguration(Minimal.class)
                .withSystemProperties("realtime-ticket.redis.histroy=required")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("There is no such setting."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gate.path", "gates.paths[0]", "redis.revocations.kye", "time-to-life", "jdbc.table"})
    void aNameThatNoSettingHasStopsTheStart(String name, CapturedOutput output) {
        start("--realtime-ticket." + name + "=s3cret");

        assertThat(output.getOut())
                .contains("APPLICATION FAILED TO START")
                .contains("'realtime-ticket." + name + " (not shown)'", "There is no such setting.");
        assertThat(output.getAll()).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"REALTIME_TICKET_REDIS_PASSWORD", "REALTIMETICKET_REDIS_PASSWORD"})
    void theEnvironmentIsLookedIntoToo(String variable, CapturedOutput output) {
        new ApplicationContextRunner()
                .withUserConfiguration(Minimal.class)
                .withInitializer(context -> TestPropertyValues.of(variable + "=s3cret")
                        .applyTo(context.getEnvironment(), TestPropertyValues.Type.SYSTEM_ENVIRONMENT))
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                        .hasMessageContaining("Set spring.data.redis.password,"));

        assertThat(output.getAll()).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"REALTIME_TICKET_REDIS", "REALTIMETICKET_REDIS"})
    void whatKubernetesTellsOfAServiceIsNobodysSetting(String service) {
        Map<String, Object> told = Map.of(
                service + "_SERVICE_HOST", "10.0.0.1",
                service + "_SERVICE_PORT", "6379",
                service + "_PORT", "tcp://10.0.0.1:6379",
                service + "_PORT_6379_TCP", "tcp://10.0.0.1:6379",
                service + "_PORT_6379_TCP_PROTO", "tcp",
                service + "_PORT_6379_TCP_PORT", "6379",
                service + "_PORT_6379_TCP_ADDR", "10.0.0.1");
        new ApplicationContextRunner()
                .withUserConfiguration(Minimal.class)
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource("systemEnvironment", told)))
                .run(context -> assertThat(context).hasNotFailed());
    }

    private static void start(String... arguments) {
        var application = new SpringApplicationBuilder(Minimal.class)
                .web(WebApplicationType.SERVLET)
                .properties("server.port=0", "spring.main.banner-mode=off", "spring.main.register-shutdown-hook=false")
                .build();

        assertThatThrownBy(() -> application.run(arguments).close());
    }
}
