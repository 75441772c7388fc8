// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The route that there is by itself, to the issuer of the application. */
@QuarkusTest
class IssuerRouteTest {

    private static final String[] OWN_PAGE = {"Sec-Fetch-Site", "same-origin"};
    private static final int MORE_THAN_THREADS = 20;

    @TestHTTPResource
    URI site;

    @Inject
    Revocations revocations;

    @Test
    void t16_aUserIsIssuedATicketThatOpensASocketUntilTheUserIsLocked() throws Exception {
        WebUser alice = user().logsIn("alice", "ticket");

        URI chat = URI.create("ws://127.0.0.1:" + site.getPort() + "/chat?ticket=" + alice.ticket(OWN_PAGE));
        try (Connection open = Connection.open(chat)) {
            assertThat(open.next()).isEqualTo("Hello alice");
            assertThat(revocations.revoke(Revocation.holder("alice").forbidden()))
                    .isCompleted();
            assertThat(open.closeCode()).isEqualTo(3003);
        }
        assertThat(Connection.status(chat)).isEqualTo(401);
    }

    @Test
    void t16_aUserWhoIsLockedWhileQuarkusReadsItGetsNoTicketThatWorks() throws Exception {
        WebUser mallory = user().logsIn(Accounts.ByCookie.LOCKED, "ticket");

        String ticket = mallory.ticket(OWN_PAGE);

        assertThat(Connection.status(URI.create("ws://127.0.0.1:" + site.getPort() + "/chat?ticket=" + ticket)))
                .isEqualTo(401);
    }

    @Test
    void aRequestThatCannotBeReadIsNoFaultOfTheApplication() throws Exception {
        try (var client = new Wire(site.getPort())) {
            client.post("/ticket/?a=%zz", "");

            assertThat(client.answer().status()).isEqualTo(400);
        }
    }

    @Test
    void aBodyThatNothingReadsHoldsUpNoOtherRequestOfItsConnection() throws Exception {
        try (var client = new Wire(site.getPort())) {
            for (int i = 0; i < 3; i++) {
                client.post("/ticket/", "x".repeat(1_000_000));

                assertThat(client.answer().status()).isEqualTo(401);
            }
        }
    }

    @Test
    void varyIsAddedToWhatOthersHaveSaid() throws Exception {
        Issuer toOthers = Issuer.builder(Tickets.of(new RemoteStore()))
                .allowedOrigins(List.of("https://app.example"))
                .build();
        String path = ChosenIssuer.addressOf(toOthers, site).getPath();

        var headers = user().post(path, "Origin", "https://app.example").headers();

        assertThat(headers.allValues("Vary")).containsExactly(ChosenIssuer.VARY, "Origin");
    }

    @Test
    void noThreadWaitsWhileTheStoreIsAskedForATicket() throws Exception {
        var store = new RemoteStore();
        String path = ChosenIssuer.addressOf(Issuer.of(Tickets.of(store)), site).getPath();
        WebUser alice = user().logsIn("bob", "ticket");
        CompletableFuture<Void> held = store.hold();

        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < MORE_THAN_THREADS; i++) {
            asked.add(alice.postLater(path));
        }
        eventually(() -> held.getNumberOfDependents() == MORE_THAN_THREADS);
        String meanwhile = alice.get("/login").body();
        store.up();

        assertThat(meanwhile).contains("_csrf");
        for (CompletableFuture<HttpResponse<String>> one : asked) {
            assertThat(one.get(30, TimeUnit.SECONDS).body()).startsWith("{\"status\":\"ok\"");
        }
    }

    private WebUser user() {
        return new WebUser("http://127.0.0.1:" + site.getPort());
    }
}
