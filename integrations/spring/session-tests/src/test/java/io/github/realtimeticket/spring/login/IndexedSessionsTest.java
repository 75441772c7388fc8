// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import static io.github.realtimeticket.spring.login.Stack.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.WebUser;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A session that ends in Redis, which tells Spring Session. */
class IndexedSessionsTest {

    @AutoClose
    private static Redis redis;

    @BeforeAll
    static void start() throws Exception {
        redis = new Redis();
    }

    @ParameterizedTest
    @EnumSource
    void oneThatExpiresTakesItsConnectionsAlong(Stack stack) throws Exception {
        try (Application application = stack.start(redis, "indexed")) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            try (Connection open = open(application, alice)) {
                assertThat(alice.get("/soon-idle").statusCode()).isEqualTo(200);

                assertThat(open.closeCode()).isEqualTo(3000);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void soDoesOneThatSomebodyDeletesWhoKnowsNothingOfTickets(Stack stack) throws Exception {
        try (Application application = stack.start(redis, "indexed")) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            try (Connection open = open(application, alice)) {
                assertThat(redis.cli().del(expiry(stack, alice))).isOne();

                assertThat(open.closeCode()).isEqualTo(3000);
            }
        }
    }

    @Test
    void oneThatHasExpiredIsNotStoredAgain() throws Exception {
        try (Application application =
                Stack.SERVLET.start(redis, "indexed", "spring.session.data.redis.flush-mode=immediate")) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            try (Connection open = open(application, alice)) {
                assertThat(alice.get("/soon-idle").statusCode()).isEqualTo(200);
                assertThat(open.closeCode()).isEqualTo(3000);
            }

            assertThat(redis.cli().exists(expiry(Stack.SERVLET, alice))).isZero();
        }
    }

    /** The key whose end is the session's. */
    private static String expiry(Stack stack, WebUser user) {
        return "spring:session:sessions:expires:" + stack.session(user);
    }
}
