// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.interop.TicketRedis;
import io.github.realtimeticket.interop.django.Backend.Opened;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What both forms of a Django site's tickets have in common: they issue, Java redeems, in Vert.x and in Spring. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DjangoTest {

    private final Form form;

    private Path directory;
    private TicketRedis redis;
    private DjangoSite site;
    private List<Backend> backends;

    DjangoTest(Form form) {
        this.form = form;
    }

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        this.directory = directory;
        redis = new TicketRedis();
        backends =
                List.of(new VertxBackend(redis.gate(form.keys())), SpringBackend.start(redis.port(), form, directory));
        site = DjangoSite.start(
                form, DjangoSite.NUMBERED, redis.port(), backends.get(0).url(), directory);
    }

    @AfterAll
    void stop() throws Exception {
        if (site != null) {
            site.close();
        }
        if (backends != null) {
            backends.forEach(Backend::close);
        }
        redis.close();
    }

    @Test
    void aTicketOpensOneConnectionForItsUser() throws Exception {
        DjangoUser alice = site.user(1);

        for (Backend backend : backends) {
            String ticket = alice.ticket();

            Opened first = open(backend, ticket);
            Opened second = open(backend, ticket);

            assertThat(first).isEqualTo(new Opened(101, "{\"id\":1,\"username\":\"alice\"}"));
            assertThat(second).isEqualTo(new Opened(401, ""));
        }
    }

    @Test
    void theTicketInThePageOpensOneConnectionForItsUser() throws Exception {
        DjangoUser alice = site.user(1);

        for (Backend backend : backends) {
            String ticket = alice.pageTicket();

            Opened first = open(backend, ticket);
            Opened second = open(backend, ticket);

            assertThat(first).isEqualTo(new Opened(101, "{\"id\":1,\"username\":\"alice\"}"));
            assertThat(second).isEqualTo(new Opened(401, ""));
        }
    }

    @Test
    void anExpiredTicketIsRefused() throws Exception {
        DjangoUser alice = site.user(1);

        for (Backend backend : backends) {
            redis.cli().flushall();
            String ticket = alice.ticket();
            String key = redis.cli().randomkey();
            assertThat(redis.cli().pttl(key)).isBetween(1L, 10_000L);
            assertThat(redis.cli().pexpire(key, 1)).isTrue();
            while (redis.cli().exists(key) > 0) {
                TimeUnit.MILLISECONDS.sleep(1);
            }

            assertThat(open(backend, ticket)).isEqualTo(new Opened(401, ""));
        }
    }

    @Test
    void withoutTheCsrfTokenThereIsNoTicket() throws Exception {
        HttpResponse<String> none = site.user(1).post("/ticket/", "", "Origin", site.origin());
        HttpResponse<String> wrong = site.user(1).post("/ticket/", "", "X-CSRFToken", "a".repeat(32));

        assertThat(none.statusCode()).isEqualTo(403);
        assertThat(wrong.statusCode()).isEqualTo(403);
    }

    @Test
    void aForeignPageGetsNoTicketEvenWithTheCsrfToken() throws Exception {
        DjangoUser alice = site.user(1);

        for (String origin : List.of("https://evil.example", "null")) {
            HttpResponse<String> answer =
                    alice.post("/ticket/", "", "X-CSRFToken", alice.csrfToken(), "Origin", origin);

            assertThat(answer.statusCode()).isEqualTo(403);
        }
    }

    @Test
    void aPageOfNobodyHasNoTicket() throws Exception {
        assertThat(new DjangoUser(site.origin()).pageTicket()).isEmpty();
    }

    @Test
    void everyNameComesUnchanged() throws Exception {
        List<String> names = Names.all();

        for (int number = 1; number <= names.size(); number++) {
            DjangoUser user = site.user(number);
            String expected = Backend.greeting(Names.holder(number));

            for (Backend backend : backends) {
                assertThat(open(backend, user.ticket())).isEqualTo(new Opened(101, expected));
            }
        }
    }

    @Test
    void aUuidIsAString() throws Exception {
        try (DjangoSite people = start(DjangoSite.WITH_UUIDS, redis.port())) {
            for (Backend backend : backends) {
                Opened opened = backend.open(people.user(7).ticket(), people.origin());

                assertThat(opened.greeting())
                        .startsWith("{\"id\":\"00000000-0000-0000-0000-000000000007\",\"username\":");
            }
        }
    }

    @Test
    void whileTheStoreIsDownThePageIsThereWithoutATicket() throws Exception {
        int nobody = 1;
        try (DjangoSite alone = start(DjangoSite.NUMBERED, nobody)) {
            DjangoUser alice = alone.user(1);

            assertThat(alice.pageTicket()).isEmpty();
            assertThat(alice.askForATicket().body()).startsWith("{\"status\": \"error\", ");
        }
    }

    DjangoSite start(String users, int redisPort) throws Exception {
        return DjangoSite.start(form, users, redisPort, backends.get(0).url(), directory);
    }

    TicketRedis redis() {
        return redis;
    }

    DjangoSite site() {
        return site;
    }

    List<Backend> backends() {
        return backends;
    }

    Opened open(Backend backend, String ticket) throws Exception {
        return backend.open(ticket, site.origin());
    }
}
