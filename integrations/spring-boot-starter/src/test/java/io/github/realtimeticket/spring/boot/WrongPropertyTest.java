// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

/** A wrong value stops the start, with a message that names the property and what is allowed. */
@ExtendWith(OutputCaptureExtension.class)
class WrongPropertyTest {

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        SslAutoConfiguration.class,
        RealtimeTicketAutoConfiguration.class,
        RealtimeTicketRedisAutoConfiguration.class
    })
    static class Minimal {}

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    path               | ticket            | a path such as /ticket/
                    path               | /                 | a path such as /ticket/
                    path               | /ticket/**        | a path such as /ticket/
                    path               | /tick et          | a path such as /ticket/
                    expire             | 0                 | 1s to 300s
                    expire             | 999ms             | 1s to 300s
                    expire             | 301s              | 1s to 300s
                    expire             | soon              | 1s to 300s
                    carrier            | cookie            | query, subprotocol or header
                    carrier-name       | my ticket         | letters, digits
                    audience           | ''                | 1 to 512 characters
                    origin             | app.example       | https://app.example
                    origin             | https://app.example/ | https://app.example
                    allowed-origins    | *                 | https://app.example
                    allowed-origins    | https://a.example,null | https://app.example
                    allowed-origins    | https://A.example | lower case
                    allowed-origins    | https://a.example:443 | no default port
                    gate.allowed-origins | *               | https://app.example
                    store              | postgres          | memory or redis
                    memory.maximum     | 0                 | at least 1
                    memory.maximum     | many              | at least 1
                    key-mode           | secret            | hashed or plain
                    authorities        | perhaps           | true or false
                    show-details       | perhaps           | true or false
                    redis.host         | redis-1:6379      | without the port
                    redis.host         | redis-1/0         | a host name or an address
                    redis.host         | redis://redis-1   | a host name or an address
                    redis.host         | 'redis 1'         | a host name or an address
                    redis.host         | 'redis-1 '        | a host name or an address
                    redis.port         | 0                 | 1 to 65535
                    redis.port         | 65536             | 1 to 65535
                    redis.port         | six               | 1 to 65535
                    redis.database     | -1                | at least 0
                    redis.timeout      | 0                 | 1ms to 10s
                    redis.timeout      | 11s               | 1ms to 10s
                    redis.timeout      | slow              | 1ms to 10s
                    redis.url          | http://localhost  | redis://user:password@host:6379/0
                    redis.username     | alice             | with a redis.password
                    redis.ssl.enabled  | perhaps           | true or false
                    redis.ssl.bundle   | missing           | spring.ssl.bundle
                    redis.sentinel.nodes | a:26379         | together with redis.sentinel.master
                    redis.sentinel.master | main           | together with redis.sentinel.nodes
                    redis.cluster.nodes | redis-1          | a list of host:port
                    """)
    void aWrongValueIsNamedWithWhatIsAllowed(String property, String value, String allowed, CapturedOutput output) {
        var application = new SpringApplicationBuilder(Minimal.class)
                .web(WebApplicationType.NONE)
                .properties("spring.main.banner-mode=off", "spring.main.register-shutdown-hook=false")
                .build();
        String store = property.startsWith("redis.") ? "redis" : "memory";

        assertThatThrownBy(() -> application
                .run("--realtime-ticket.store=" + store, "--realtime-ticket." + property + "=" + value)
                .close());

        assertThat(output.getOut())
                .contains("APPLICATION FAILED TO START")
                .containsPattern("realtime-ticket\\." + property.replace(".", "\\.") + " must be .*"
                        + java.util.regex.Pattern.quote(allowed));
    }
}
