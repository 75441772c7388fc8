// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Redis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Sessions that expire without a word. */
@ExtendWith(OutputCaptureExtension.class)
class SilentSessionsTest {

    @AutoClose
    private static Redis redis;

    @BeforeAll
    static void start() throws Exception {
        redis = new Redis();
    }

    @ParameterizedTest
    @CsvSource({
        "SERVLET, default, any=1, 1",
        "SERVLET, indexed, any=1, 0",
        "SERVLET, default, realtime-ticket.connection.maximum-age=1h, 0",
        "REACTIVE, default, any=1, 1",
        "REACTIVE, indexed, any=1, 0"
    })
    void itIsSaidOnceUnlessSomebodyTellsOrConnectionsEndByThemselves(
            Stack stack, String repository, String property, int times, CapturedOutput output) {
        stack.start(redis, repository, property).close();

        assertThat(output.getAll().lines().filter(line -> line.contains("tells nobody when a session expires")))
                .hasSize(times);
    }

    @ParameterizedTest
    @EnumSource
    void oneThatCannotBeReadIsDeletedAllTheSame(Stack stack) {
        String key = "spring:session:sessions:unreadable";
        try (Application application = stack.start(redis, "default")) {
            assertThat(redis.cli().hset(key, "creationTime", "long ago")).isTrue();

            stack.deletes(application, "unreadable");

            assertThat(redis.cli().exists(key)).isZero();
        }
    }
}
