// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import static io.github.realtimeticket.spring.login.Stack.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.WebUser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** A login in a session of Spring Session that somebody ends, in an application that has no line of code for it. */
@ParameterizedClass
@CsvSource({"SERVLET, default", "SERVLET, indexed", "REACTIVE, default", "REACTIVE, indexed"})
class SessionsInRedisTest {

    private static Redis redis;
    private static Application application;
    private static Application anotherNode;

    private final Stack stack;

    SessionsInRedisTest(Stack stack, String repository) {
        assertThat(repository).isNotNull();
        this.stack = stack;
    }

    @BeforeParameterizedClassInvocation
    static void start(Stack stack, String repository) throws Exception {
        redis = new Redis();
        application = stack.start(redis, repository);
        anotherNode = stack.start(redis, repository);
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        // Not before: what Reactor Netty shares in a process ends with the first.
        anotherNode.close();
        application.close();
        redis.close();
    }

    @Test
    void aLogoutClosesWhatTheSessionHasOpened() throws Exception {
        WebUser alice = alice();
        WebUser elsewhere = alice();
        try (Connection open = open(application, alice);
                Connection another = open(application, elsewhere)) {
            String outstanding = alice.ticket();

            assertThat(alice.post("/logout").statusCode()).isIn(204, 302);

            assertThat(open.closeCode()).isEqualTo(3000);
            assertThat(Connection.status(application.uri("ws", "/realtime/socket?ticket=" + outstanding)))
                    .isEqualTo(401);
            assertThat(elsewhere.post("/logout").statusCode()).isIn(204, 302);
            assertThat(another.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void soDoesTheApplicationThatEndsTheSession() throws Exception {
        WebUser alice = alice();
        try (Connection open = open(application, alice)) {
            assertThat(alice.get("/end").statusCode()).isEqualTo(200);

            assertThat(open.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void soDoesAnotherLoginInTheSameBrowserWhichGetsATicketOfItsOwn() throws Exception {
        WebUser alice = alice();
        try (Connection open = open(application, alice)) {
            WebUser again = alice.logsIn("alice", "ticket");

            assertThat(open.closeCode()).isEqualTo(3000);
            open(application, again).close();
        }
    }

    @Test
    void soDoesAnotherIdThatTheApplicationGivesToTheSession() throws Exception {
        WebUser alice = alice();
        try (Connection open = open(application, alice)) {
            assertThat(alice.get("/change").statusCode()).isEqualTo(200);

            assertThat(open.closeCode()).isEqualTo(3000);
            open(application, alice).close();
        }
    }

    @Test
    void soDoesAnotherNodeThatDeletesTheSession() throws Exception {
        WebUser alice = alice();
        try (Connection open = open(application, alice)) {
            stack.deletes(anotherNode, stack.session(alice));

            assertThat(open.closeCode()).isEqualTo(3000);
        }
    }

    private static WebUser alice() throws Exception {
        return application.user().logsIn("alice", "ticket");
    }
}
