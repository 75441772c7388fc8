// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.web.ClientScripts;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The browser client, as a page of the application gets it. */
class ClientScriptsTest {

    @AutoClose
    private static Application application;

    private static WebUser alice;
    private static ClientScripts scripts;

    @BeforeAll
    static void start() throws Exception {
        application = Application.start(SmallApplication.class);
        alice = application.user().logsIn("alice", "ticket");
        scripts = application.bean(ClientScripts.class);
    }

    @Test
    void aVersionedScriptIsKeptForAYear() throws Exception {
        HttpResponse<String> module = alice.get(scripts.module());
        HttpResponse<String> script = alice.get(scripts.script());

        assertThat(module.statusCode()).isEqualTo(200);
        assertThat(module.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/javascript"));
        assertThat(module.headers().allValues("Cache-Control")).containsExactly("max-age=31536000, public, immutable");
        assertThat(module.headers().firstValue("Pragma")).isEmpty();
        assertThat(module.body()).contains("export{").contains("TicketWebSocket");
        assertThat(script.headers().allValues("Cache-Control")).containsExactly("max-age=31536000, public, immutable");
        assertThat(script.body()).startsWith("(()=>").contains("RealtimeTicket:{");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/realtime-ticket/realtime-ticket.js", "/realtime-ticket/realtime-ticket.global.js"})
    void aScriptWithoutAVersionIsAskedForEachTime(String path) throws Exception {
        HttpResponse<String> first = alice.get(path);
        HttpResponse<String> second = alice.get(
                path, "If-None-Match", first.headers().firstValue("ETag").orElseThrow());

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().allValues("Cache-Control")).containsExactly("no-cache, public");
        assertThat(first.headers().firstValue("Last-Modified")).isEmpty();
        assertThat(second.statusCode()).isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/realtime-ticket/0000000000000000/realtime-ticket.js",
                "/realtime-ticket/other.js",
                "/realtime-ticket/..%2f..%2frealtime-ticket.js",
                "/realtime-ticket/"
            })
    void nothingElseIsThere(String path) throws Exception {
        assertThat(alice.get(path).statusCode()).isIn(400, 404);
    }

    @Test
    void nothingIsOpenedBeforeTheLogin() throws Exception {
        HttpResponse<String> answer = application.user().get(scripts.module());

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void theyAreBelowTheContextPath() throws Exception {
        try (Application below = Application.start(SmallApplication.class, "server.servlet.context-path=/app")) {
            WebUser bob = new WebUser(below.uri("http", "/app").toString()).logsIn("alice", "ticket");

            assertThat(bob.get(scripts.module()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void theyCanBeSwitchedOff() throws Exception {
        try (Application without = Application.start(SmallApplication.class, "realtime-ticket.client.enabled=false")) {
            WebUser bob = without.user().logsIn("alice", "ticket");

            assertThat(bob.get("/realtime-ticket/realtime-ticket.js").statusCode())
                    .isEqualTo(404);
        }
    }
}
