// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Certificate;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.redis.RedisTicketStore;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Where the store in Redis is found, what is really in the server, and what happens when there is none. */
class RedisStoreTest {

    @AutoClose
    private static Redis redis;

    private static int port;

    private final ApplicationContextRunner program = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    SslAutoConfiguration.class,
                    DataRedisAutoConfiguration.class,
                    RealtimeTicketAutoConfiguration.class,
                    RealtimeTicketRedisAutoConfiguration.class))
            .withPropertyValues("realtime-ticket.store=redis", "realtime-ticket.redis.timeout=5s");

    @BeforeAll
    static void start() throws Exception {
        redis = new Redis("user tickets on >let-me-in ~* &* +@all");
        port = redis.port();
    }

    @Test
    void anAddressOfItsOwnHoldsEverything() {
        program.withPropertyValues(
                        "realtime-ticket.redis.url=redis://tickets:let-me-in@127.0.0.1:" + port + "/4",
                        "spring.data.redis.host=192.0.2.1",
                        "spring.data.redis.database=5",
                        "spring.data.redis.password=unused")
                .run(context -> assertKept(context.getBean(Tickets.class), 4, "ticket:", true));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void thatALogoutClosesNothingIsSaidUnlessItIsMeant(CapturedOutput output) {
        var kept = program.withPropertyValues("realtime-ticket.redis.url=redis://tickets:let-me-in@127.0.0.1:" + port);
        for (String enabled : List.of("true", "false")) {
            kept.withPropertyValues("realtime-ticket.revocations.enabled=" + enabled)
                    .run(context -> assertThat(output.getOut()).doesNotContain("Connections do not end"));
        }

        kept.run(context -> assertThat(output.getOut())
                .contains("Connections do not end with the login: set realtime-ticket.revocations.enabled=true"));
    }

    @Test
    void anAddressOfItsOwnStandsBesideAnyOfBoots() {
        program.withPropertyValues(
                        "realtime-ticket.redis.url=redis://127.0.0.1:" + port + "/4",
                        "spring.data.redis.masterreplica.nodes=192.0.2.1:6379,192.0.2.2:6379")
                .run(context -> assertKept(context.getBean(Tickets.class), 4, "ticket:", true));
    }

    @Test
    void bootsOwnSettingsAreUsedOtherwise() {
        program.withPropertyValues(
                        "spring.data.redis.host=127.0.0.1",
                        "spring.data.redis.port=" + port,
                        "spring.data.redis.database=5",
                        "spring.data.redis.username=tickets",
                        "spring.data.redis.password=let-me-in")
                .run(context -> assertKept(context.getBean(Tickets.class), 5, "ticket:", true));
    }

    @Test
    void bootsSettingsAreUsedWithoutSpringDataToo() {
        program.withClassLoader(withoutSpringData())
                .withPropertyValues(
                        "spring.data.redis.host=127.0.0.1",
                        "spring.data.redis.port=" + port,
                        "spring.data.redis.database=5",
                        "spring.data.redis.timeout=60s",
                        "spring.data.redis.username=tickets",
                        "spring.data.redis.password=let-me-in")
                .run(context -> assertKept(context.getBean(Tickets.class), 5, "ticket:", true));
    }

    @Test
    void connectionDetailsOfTheApplicationAreUsed() {
        program.withBean(DataRedisConnectionDetails.class, () -> new DataRedisConnectionDetails() {
                    @Override
                    public String getPassword() {
                        return "let-me-in";
                    }

                    @Override
                    public String getUsername() {
                        return "tickets";
                    }

                    @Override
                    public Standalone getStandalone() {
                        return Standalone.of("127.0.0.1", port, 6);
                    }
                })
                .withPropertyValues("spring.data.redis.host=192.0.2.1")
                .run(context -> assertKept(context.getBean(Tickets.class), 6, "ticket:", true));
    }

    @Test
    void tlsTrustsWhatABundleSaysAndNothingElse(@TempDir Path directory) throws Exception {
        Path keystore = directory.resolve("redis.p12");
        try (var relay = new Relay(port, Certificate.in(keystore).listeners())) {
            String place = "127.0.0.1:" + relay.port();
            ApplicationContextRunner untrusted = program.withPropertyValues(
                    "spring.ssl.bundle.jks.redis.truststore.location=file:" + keystore,
                    "spring.ssl.bundle.jks.redis.truststore.password=" + Certificate.PASSWORD);
            ApplicationContextRunner trusted = untrusted.withPropertyValues("spring.data.redis.ssl.bundle=redis");
            FilteredClassLoader withoutSpringData = withoutSpringData();

            trusted.withPropertyValues("realtime-ticket.redis.url=rediss://" + place + "/8")
                    .run(context -> assertKept(context.getBean(Tickets.class), 8, "ticket:", true));
            trusted.withPropertyValues("spring.data.redis.url=redis://" + place + "/9")
                    .run(context -> assertKept(context.getBean(Tickets.class), 9, "ticket:", true));
            trusted.withPropertyValues("spring.data.redis.url=rediss://" + place + "/10")
                    .run(context -> assertKept(context.getBean(Tickets.class), 10, "ticket:", true));
            trusted.withClassLoader(withoutSpringData)
                    .withPropertyValues("spring.data.redis.url=redis://" + place + "/11")
                    .run(context -> assertKept(context.getBean(Tickets.class), 11, "ticket:", true));
            untrusted
                    .withPropertyValues("realtime-ticket.redis.url=rediss://" + place)
                    .run(RedisStoreTest::assertNotKept);
            untrusted
                    .withPropertyValues("spring.data.redis.url=redis://" + place, "spring.data.redis.ssl.enabled=true")
                    .run(RedisStoreTest::assertNotKept);
        }
    }

    // A password would go to the server, and whoever listens, as it is.
    @Test
    void aUrlThatAsksForTlsIsNotSpokenToWithout() {
        for (String property : List.of("realtime-ticket.redis.url", "spring.data.redis.url")) {
            program.withPropertyValues(property + "=rediss://127.0.0.1:" + port).run(RedisStoreTest::assertNotKept);
            program.withClassLoader(withoutSpringData())
                    .withPropertyValues(property + "=rediss://127.0.0.1:" + port)
                    .run(RedisStoreTest::assertNotKept);
        }
    }

    @Test
    void compatibleKeysAreTheTicketsThemselves() {
        program.withPropertyValues(
                        "realtime-ticket.redis.url=redis://127.0.0.1:" + port + "/7",
                        "realtime-ticket.key-mode=plain",
                        "realtime-ticket.key-prefix=")
                .run(context -> assertKept(context.getBean(Tickets.class), 7, "", false));
    }

    @Test
    void theApplicationStartsAndTellsItsHealthWhileRedisIsDown() throws Exception {
        try (var application = Application.start(
                SmallApplication.class,
                "realtime-ticket.store=redis",
                "realtime-ticket.redis.url=redis://127.0.0.1:" + FreePorts.one(),
                "management.health.redis.enabled=false",
                "management.endpoint.health.show-details=always")) {
            WebUser alice = application.user().logsIn("alice", "ticket");

            HttpResponse<String> ticket = alice.post("/ticket/");
            HttpResponse<String> health = alice.get("/actuator/health");

            assertError(ticket, 503, "unavailable");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).contains("\"realtimeTicket\"").contains("DOWN");
        }
    }

    @Test
    void theHealthIsGoodWhileRedisAnswers() throws Exception {
        try (var application = Application.start(
                SmallApplication.class,
                "realtime-ticket.store=redis",
                "realtime-ticket.redis.url=redis://127.0.0.1:" + port,
                "realtime-ticket.redis.timeout=5s",
                "realtime-ticket.revocations.enabled=true",
                "management.health.redis.enabled=false",
                "management.endpoint.health.show-details=always")) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            eventually(application.context().getBean(Revocations.class)::isCurrent);

            HttpResponse<String> ticket = alice.post("/ticket/");
            HttpResponse<String> health = alice.get("/actuator/health");

            assertThat(ticket.statusCode()).isEqualTo(200);
            assertThat(health.body())
                    .contains(
                            "\"realtimeTicket\":{\"details\":{\"store\":\"redis\",\"history\":\"checked\",\"revocations\":\"current\"},\"status\":\"UP\"}");
        }
    }

    @Test
    void theHealthIsBadWhileItIsNotKnownWhatIsRevoked() throws Exception {
        try (var relay = new Relay(port)) {
            program.withPropertyValues(
                            "realtime-ticket.redis.url=redis://127.0.0.1:" + relay.port(),
                            "realtime-ticket.revocations.enabled=true")
                    .run(context -> {
                        Revocations revocations = context.getBean(Revocations.class);
                        eventually(revocations::isCurrent);
                        relay.loseAnswersTo("XREAD");
                        eventually(() -> !revocations.isCurrent());

                        Health health = new TicketStoreHealthIndicator(
                                        context.getBean(RedisTicketStore.class), revocations)
                                .health();

                        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
                        assertThat(health.getDetails())
                                .containsEntry("store", "redis")
                                .containsEntry("revocations", "behind");
                    });
        }
    }

    @Test
    void theHealthTellsThatTheHistoryIsNotChecked() {
        program.withPropertyValues(
                        "realtime-ticket.redis.url=redis://127.0.0.1:" + port, "realtime-ticket.redis.history=off")
                .run(context -> assertThat(new TicketStoreHealthIndicator(context.getBean(RedisTicketStore.class), null)
                                .health()
                                .getDetails())
                        .containsEntry("history", "not checked"));
    }

    @Test
    void whatIsRevokedIsToldWhereItIsAskedFor() {
        program.withPropertyValues("realtime-ticket.redis.url=redis://127.0.0.1:" + port)
                .run(context -> assertThat(context).doesNotHaveBean(Revocations.class));
        program.withPropertyValues(
                        "realtime-ticket.redis.url=redis://127.0.0.1:" + port,
                        "realtime-ticket.revocations.enabled=true",
                        "realtime-ticket.redis.revocations.key=my-revocations")
                .run(context -> {
                    Revocations revocations = context.getBean(Revocations.class);
                    assertThat(revocations)
                            .isSameAs(context.getBean(RedisTicketStore.class).revocations());
                    assertThat(revocations.revoke(Revocation.holder(1)).toCompletableFuture())
                            .succeedsWithin(Duration.ofSeconds(30));
                    assertThat(redis.cli().select(0)).isEqualTo("OK");
                    assertThat(redis.cli().xlen("my-revocations")).isEqualTo(1);

                    Ticket ticket = context.getBean(Tickets.class)
                            .issue(TicketGrant.to(TicketHolder.of(7, "alice")).withSession("session"), null)
                            .toCompletableFuture()
                            .get(30, TimeUnit.SECONDS);
                    assertThat(revocations.revoke(Revocation.session("session")).toCompletableFuture())
                            .succeedsWithin(Duration.ofSeconds(30));
                    assertThat(context.getBean(Gate.class).admit(ticket).toCompletableFuture())
                            .succeedsWithin(Duration.ofSeconds(30))
                            .isInstanceOfSatisfying(Admission.Refused.class, refused -> assertThat(refused.reason())
                                    .isEqualTo(Refusal.REVOKED));
                });
    }

    @Test
    void theStoreIsClosedWithTheApplication() {
        var context = new org.springframework.boot.builder.SpringApplicationBuilder(WrongPropertyTest.Minimal.class)
                .web(WebApplicationType.NONE)
                .properties("realtime-ticket.store=redis", "realtime-ticket.redis.url=redis://127.0.0.1:" + port)
                .run();
        RedisTicketStore store = context.getBean(RedisTicketStore.class);

        context.close();

        assertThat(store.ping().toCompletableFuture()).failsWithin(Duration.ofSeconds(30));
    }

    private static FilteredClassLoader withoutSpringData() {
        return new FilteredClassLoader("org.springframework.data", "org.springframework.boot.data");
    }

    private static void assertNotKept(AssertableApplicationContext context) {
        assertThat(context.getBean(Tickets.class)
                        .issue(TicketHolder.of(1, "alice"))
                        .toCompletableFuture())
                .failsWithin(Duration.ofSeconds(30));
    }

    private static void assertKept(Tickets tickets, int database, String prefix, boolean hashed) {
        Ticket ticket =
                tickets.issue(TicketHolder.of(1, "alice")).toCompletableFuture().join();

        String unused = redis.cli().select(database);
        String key = prefix + (hashed ? ticket.sha256() : ticket.reveal());
        assertThat(redis.cli().get(key)).startsWith("{\"id\":1,\"username\":\"alice\"");
        assertThat(Gate.of(tickets).admit(ticket).toCompletableFuture().join()).isInstanceOf(Admission.Admitted.class);
    }
}
