// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An application that only issues, on a path of its own, with another one for tickets, and looks up its users, who are known only if
 * somebody asks.
 */
@QuarkusTest
@TestProfile(IssuerSettingsTest.Elsewhere.class)
class IssuerSettingsTest {

    private static final Pattern TICKET = Pattern.compile("\"message\":\"([^\"]+)\"");

    @TestHTTPResource
    URI site;

    @Inject
    TicketStore store;

    @Test
    void aTicketStandsForWhatTheApplicationSaysOfItsUser() throws Exception {
        WebUser alice = user().logsIn("alice", "ticket");

        String answer = alice.post("/tickets", "Sec-Fetch-Site", "same-origin").body();

        Ticket ticket = Ticket.parse(WebUser.find(TICKET, answer)).orElseThrow();
        assertThat(store.take(ticket).toCompletableFuture().join())
                .map(TicketValue::holder)
                .hasValueSatisfying(holder ->
                        assertThat(holder.id() + " " + holder.username()).isEqualTo("5 alice"));
    }

    @Test
    void whoeverIsNotLoggedInGetsA401() throws Exception {
        assertThat(user().post("/tickets", "Sec-Fetch-Site", "same-origin").statusCode())
                .isEqualTo(401);
        assertThat(user().post("/tickets", "Sec-Fetch-Site", "same-origin", "Cookie", "quarkus-credential=gone")
                        .statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong", "expired", "elsewhere"})
    void wrongCredentialsAreAnsweredByTheIssuer(String password) throws Exception {
        String credentials = Base64.getEncoder().encodeToString(("alice:" + password).getBytes(UTF_8));

        HttpResponse<String> answer =
                user().post("/tickets", "Sec-Fetch-Site", "same-origin", "Authorization", "Basic " + credentials);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).startsWith("{\"status\":\"error\"");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tickets/", "//tickets", "/x/../tickets", "/%74ickets", "/ticket/"})
    void noOtherPathIssuesATicket(String path) throws Exception {
        WebUser alice = user().logsIn("alice", "ticket");

        assertThat(alice.post(path, "Sec-Fetch-Site", "same-origin").statusCode())
                .isEqualTo(404);
    }

    @Test
    void whereTheCheckIsLeftOutNoEndpointHasAGate() throws Exception {
        try (Connection open = Connection.open(URI.create("ws://127.0.0.1:" + site.getPort() + "/site/open"))) {
            assertThat(open.next()).isEqualTo("Hello all");
        }
    }

    private WebUser user() {
        return new WebUser("http://127.0.0.1:" + site.getPort() + "/site");
    }

    public static class Elsewhere implements QuarkusTestProfile {

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(Accounts.Grants.class);
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.http.root-path", "/site",
                    "realtime-ticket.path", "/tickets",
                    "quarkus.http.auth.proactive", "false",
                    "quarkus.http.auth.basic", "true",
                    "quarkus.arc.exclude-types", TicketUpgradeCheck.class.getName() + "," + Site.Gates.class.getName());
        }
    }
}
