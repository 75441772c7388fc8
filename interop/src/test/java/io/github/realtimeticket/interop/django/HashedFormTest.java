// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.interop.django.Backend.Opened;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

/** A Django site with our recipe. */
class HashedFormTest extends DjangoTest {

    HashedFormTest() {
        super(Form.HASHED);
    }

    @Test
    void theStoreHasAHashAndWhatTheTicketIsBoundTo() throws Exception {
        redis().cli().flushall();
        String ticket = site().user(1).ticket();

        String key = "ticket:" + Ticket.parse(ticket).orElseThrow().sha256();

        assertThat(ticket).hasSize(27);
        assertThat(redis().cli().get(key))
                .matches("\\{\"id\": 1, \"username\": \"alice\", \"rt\": \\{\"issued_at\": \\d{13}, \"origin\": \""
                        + site().origin() + "\"\\}\\}");
    }

    @Test
    void theAnswerIsThatOfTheProtocol() throws Exception {
        HttpResponse<String> answer = site().user(1).askForATicket();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .matches("\\{\"status\": \"ok\", \"message\": \"[A-Za-z0-9_-]{27}\", \"expires_in\": 10\\}");
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(answer.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
    }

    @Test
    void aPageWithATicketIsNotCached() throws Exception {
        assertThat(site().user(1).get("/").headers().allValues("Cache-Control")).containsExactly("no-store");
    }

    @ParameterizedTest
    @CsvSource({
        "false, Sec-Purpose, prefetch;prerender",
        "false, Purpose, prefetch",
        "false, X-Moz, Prefetch",
        "false, Sec-Fetch-Site, cross-site, Sec-Fetch-Mode, navigate, Sec-Fetch-Dest, iframe",
        "false, Sec-Fetch-Site, same-site, Sec-Fetch-Mode, no-cors, Sec-Fetch-Dest, image",
        "true, Sec-Fetch-Site, cross-site, Sec-Fetch-Mode, navigate, Sec-Fetch-Dest, document",
        "true, Sec-Fetch-Site, same-origin, Sec-Fetch-Mode, cors, Sec-Fetch-Dest, empty"
    })
    void aPageHasATicketWhereItsUserSeesItNow(ArgumentsAccessor row) throws Exception {
        String[] headers = row.toList().stream().skip(1).map(Object::toString).toArray(String[]::new);

        assertThat(!site().user(1).pageTicket(headers).isEmpty()).isEqualTo(row.getBoolean(0));
    }

    @Test
    void aHeadOfAPageIssuesNoTicket() throws Exception {
        DjangoUser alice = site().user(1);
        redis().cli().flushall();

        assertThat(alice.head("/").statusCode()).isEqualTo(200);
        assertThat(redis().cli().dbsize()).isZero();
    }

    @Test
    void aTicketFromAnotherOriginIsBurnt() throws Exception {
        DjangoUser alice = site().user(1);

        for (Backend backend : backends()) {
            for (String ticket : new String[] {alice.ticket(), alice.pageTicket()}) {
                Opened foreign = backend.open(ticket, "https://evil.example");
                Opened own = open(backend, ticket);

                assertThat(foreign.status()).isEqualTo(403);
                assertThat(own.status()).isEqualTo(401);
            }
        }
    }

    @Test
    void refusalsHaveTrueStatusesAndAreJson() throws Exception {
        DjangoUser alice = site().user(1);
        DjangoUser nobody = new DjangoUser(site().origin());
        assertThat(nobody.get("/login/").statusCode()).isEqualTo(200);

        HttpResponse<String> loggedOut = nobody.askForATicket();
        HttpResponse<String> withoutCsrf = alice.post("/ticket/", "", "Origin", site().origin());
        HttpResponse<String> got = alice.get("/ticket/");

        assertThat(loggedOut.statusCode()).isEqualTo(401);
        assertThat(loggedOut.body()).isEqualTo("{\"status\": \"error\", \"message\": \"unauthorized\"}");
        assertThat(withoutCsrf.statusCode()).isEqualTo(403);
        assertThat(withoutCsrf.body()).isEqualTo("{\"status\": \"error\", \"message\": \"forbidden\"}");
        assertThat(got.statusCode()).isEqualTo(405);
    }
}
