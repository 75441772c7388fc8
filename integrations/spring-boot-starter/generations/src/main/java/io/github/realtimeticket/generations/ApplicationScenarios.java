// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.generations;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.jdbc.JdbcTicketStore;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.spring.metrics.MicrometerTicketListener;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;
import redis.embedded.RedisServer;

/** What the small application does with this generation. */
public abstract class ApplicationScenarios {

    @Test
    void inMemoryATicketOpensOneConnection() throws Exception {
        try (var application = RunningApplication.start()) {
            assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("generation"));
            assertIssuesAndRedeems(application);
        }
    }

    @Test
    void inRedisATicketOpensOneConnection() throws Exception {
        RedisServer redis = redis();
        try (var application = RunningApplication.start(
                "realtime-ticket.store=redis",
                "realtime-ticket.redis.timeout=5s",
                "spring.data.redis.host=127.0.0.1",
                "spring.data.redis.port=" + redis.ports().get(0))) {
            assertThat(application.context().getBean(RedisTicketStore.class)).isNotNull();
            assertIssuesAndRedeems(application);
            // Before Boot 4 health has other types, and we have none of these.
            assertThat(application.context().containsBean("realtimeTicketHealthIndicator"))
                    .isEqualTo(!SpringBootVersion.getVersion().startsWith("3."));
        } finally {
            redis.stop();
        }
    }

    @Test
    void inADatabaseATicketOpensOneConnection() throws Exception {
        try (var application = RunningApplication.start(
                "realtime-ticket.store=jdbc",
                "realtime-ticket.jdbc.timeout=5s",
                "spring.datasource.url=jdbc:h2:mem:tickets")) {
            assertThat(application.context().getBean(JdbcTicketStore.class)).isNotNull();
            assertIssuesAndRedeems(application);
        }
    }

    private static void assertIssuesAndRedeems(RunningApplication application) throws Exception {
        assertThat(application.post("/ticket/").statusCode()).isEqualTo(401);
        assertThat(application.get("/realtime/name").statusCode()).isEqualTo(401);

        application.logIn();
        String ticket = application.ticket();

        assertThat(application.get("/realtime/name").statusCode()).isEqualTo(401);
        assertThat(application.get("/realtime/name?ticket=" + ticket).body()).isEqualTo("alice");
        assertThat(application.get("/realtime/name?ticket=" + ticket).statusCode())
                .isEqualTo(401);
        assertThat(application.greeting("/realtime/socket?ticket=" + application.ticket()))
                .isEqualTo("Hello alice");
        assertThat(Ticket.parse(application.get("/").body())).isPresent();
        assertThat(application.get("/realtime-ticket/realtime-ticket.js").statusCode())
                .isEqualTo(200);
        assertThat(application.context().getBeansOfType(MicrometerTicketListener.class))
                .hasSize(1);
    }

    private static RedisServer redis() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        RedisServer redis = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        redis.start();
        return redis;
    }
}
