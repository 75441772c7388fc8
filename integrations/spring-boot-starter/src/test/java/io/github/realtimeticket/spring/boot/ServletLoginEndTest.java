// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A login that ends closes what its tickets have opened, in an application that has no line of code for it. */
class ServletLoginEndTest {

    private static final Pattern ON_THE_PAGE = Pattern.compile("([A-Za-z0-9_-]{27})");

    private static Application application;

    @BeforeAll
    static void start() {
        application = Application.start(
                LoginSite.class,
                "realtime-ticket.gate.paths=/realtime/**",
                "realtime-ticket.connection.maximum-age=2h",
                "realtime-ticket.replay-alarm=close",
                "server.tomcat.background-processor-delay=1s",
                "management.endpoints.web.exposure.include=*",
                "management.endpoint.realtimeconnections.access=unrestricted");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void aLogoutEndsTheConnectionsAndTicketsOfItsSessionAndNoOthers() throws Exception {
        WebUser alice = user("alice");
        WebUser elsewhere = user("alice");
        String asked = alice.ticket();
        String onThePage = WebUser.find(ON_THE_PAGE, alice.get("/page").body());
        try (Connection open = open(alice.ticket());
                Connection alsoOpen = open(alice.ticket());
                Connection another = open(elsewhere.ticket())) {

            assertThat(alice.post("/logout").statusCode()).isEqualTo(302);

            assertThat(open.closeCode()).isEqualTo(3000);
            assertThat(alsoOpen.closeCode()).isEqualTo(3000);
            assertThat(alice.post("/ticket/").statusCode()).isEqualTo(401);
            assertThat(Connection.status(socket(asked))).isEqualTo(401);
            assertThat(Connection.status(socket(onThePage))).isEqualTo(401);
            assertOpen(another);
        }
    }

    @Test
    void aTicketThatIsPresentedAgainEndsWhatItHasOpenedAndNothingElse() throws Exception {
        WebUser peggy = user("peggy");
        String ticket = peggy.ticket();
        try (Connection open = open(ticket);
                Connection another = open(peggy.ticket())) {

            assertThat(Connection.status(socket(ticket))).isEqualTo(401);

            assertThat(open.closeCode()).isEqualTo(3000);
            assertOpen(another);
        }
    }

    @Test
    void aConnectionEndsWithItsGreatestAge() throws Exception {
        try (Connection open = open(user("heidi").ticket())) {
            assertOpen(open);
            LiveConnection connection = only("heidi");
            assertThat(connection.until())
                    .isCloseTo(connection.since().plus(Duration.ofHours(2)), within(1, ChronoUnit.MINUTES));
        }
    }

    @Test
    void aLoginThatReplacesAnotherClosesWhatThatOneOpened() throws Exception {
        WebUser browser = user("alice");
        try (Connection alices = open(browser.ticket())) {
            var unused = browser.logsIn("carol", "ticket");
            assertThat(alices.closeCode()).isEqualTo(3000);
        }
        try (Connection carols = open(browser.ticket())) {
            assertOpen(carols);
            assertThat(browser.post("/logout").statusCode()).isEqualTo(302);
            assertThat(carols.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void aSessionThatTheApplicationInvalidatesTakesItsConnectionsAlong() throws Exception {
        WebUser alice = user("alice");
        try (Connection open = open(alice.ticket())) {
            assertThat(alice.get("/invalidate").body()).isEqualTo("gone");

            assertThat(open.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void aSessionThatExpiresTakesItsConnectionsAlong() throws Exception {
        WebUser alice = user("alice");
        try (Connection open = open(alice.ticket())) {
            assertThat(alice.get("/soon-idle").body()).isEqualTo("soon");

            assertThat(open.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void aSessionThatIsOneTooManyTakesItsConnectionsAlong() throws Exception {
        WebUser bob = user("bob");
        try (Connection open = open(bob.ticket())) {
            WebUser elsewhere = user("bob");

            assertThat(open.closeCode()).isEqualTo(3000);
            try (Connection another = open(elsewhere.ticket())) {
                assertOpen(another);
            }
        }
    }

    @Test
    void aConnectionEndsWithTheTokenThatItsTicketWasIssuedFor() throws Exception {
        Instant end = Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
        try (Connection open = open(ticketFor(LoginSite.token("dave", "s-1", end)))) {
            assertOpen(open);
            assertThat(only("dave").until()).isEqualTo(end);
        }
    }

    @Test
    void aConnectionEndsWithTheSessionThatItsTokenNames() throws Exception {
        String ticket = ticketFor(LoginSite.token("erin", "s-2", Instant.now().plus(Duration.ofHours(1))));
        try (Connection open = open(ticket)) {
            application.context().publishEvent(Revocation.session(LoginSite.ISSUER, "s-2"));

            assertThat(open.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void aSessionOfTheSameNameAtAnotherProviderIsAnotherOne() throws Exception {
        String ticket = ticketFor(LoginSite.token("erin", "s-4", Instant.now().plus(Duration.ofHours(1))));
        try (Connection open = open(ticket)) {
            application.context().publishEvent(Revocation.session("https://another.example", "s-4"));
            application.context().publishEvent(Revocation.session("s-4"));

            assertOpen(open);
        }
    }

    @Test
    void aTokenThatHasExpiredGetsNoTicketThoughItsServerAllowsForOtherClocks() throws Exception {
        String token = LoginSite.token("erin", "s-3", Instant.now().minusSeconds(20));

        assertThat(askFor(token).statusCode()).isEqualTo(401);
    }

    @Test
    void aUserWhoIsLockedIsToldNotToComeBack() throws Exception {
        WebUser frank = user("frank");
        String outstanding = frank.ticket();
        try (Connection open = open(frank.ticket())) {
            application.bean(LoginSite.class).lock("frank");

            assertThat(open.closeCode()).isEqualTo(3003);
            assertThat(Connection.status(socket(outstanding))).isEqualTo(401);
        }
    }

    @Test
    void theEndpointListsConnectionsWithoutNamesAndRevokes() throws Exception {
        WebUser grace = user("grace");
        String ticket = grace.ticket();
        try (Connection open = open(ticket)) {
            LiveConnection connection = only("grace");
            WebUser operator = application.user();
            String listed = operator.get("/actuator/realtimeconnections", "Authorization", basic("operator"))
                    .body();

            assertThat(listed)
                    .contains(connection.session(), connection.fingerprint(), "******")
                    .doesNotContain("grace", ticket);
            assertThat(revoke("{\"session\":\"" + connection.session() + "\"}")).isEqualTo(204);
            assertThat(open.closeCode()).isEqualTo(3000);
        }
        try (Connection open = open(user("grace").ticket())) {
            assertThat(revoke("{\"holder\":\"grace\",\"forbidden\":true}")).isEqualTo(204);
            assertThat(open.closeCode()).isEqualTo(3003);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                     | either session, holder or ticket
                    {"holder":"grace","session":"0a"}      | either session, holder or ticket
                    {"holder":"grace","ticket":"0a"}       | either session, holder or ticket
                    {"user":"grace"}                       | either session, holder or ticket
                    {"session":"grace"}                    | hexadecimal digits
                    {"holder":""}                          | the id of a user
                    {"holder":"grace","forbidden":"maybe"} | true or false
                    """)
    void whatIsNoRevocationIsAnsweredWithWhatIsWrong(String json, String reason) throws Exception {
        HttpResponse<String> answer = revocation(application.user(), json, "Authorization", basic("operator"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(reason).doesNotContain("grace", "maybe");
    }

    @Test
    void theEndpointEndsTheOneConnectionWhoseTicketIsNamedAsItIsListed() throws Exception {
        WebUser olivia = user("olivia");
        try (Connection open = open(olivia.ticket())) {
            String listed = only("olivia").fingerprint();
            try (Connection another = open(olivia.ticket())) {
                assertThat(revoke("{\"ticket\":\"" + listed + "\",\"forbidden\":true}"))
                        .isEqualTo(204);

                assertThat(open.closeCode()).isEqualTo(3003);
                assertOpen(another);
            }
        }
        assertThat(revoke("{\"ticket\":\"00000000\"}")).isEqualTo(404);
    }

    @Test
    void withoutARegistryAmongTheBeansASessionThatIsOneTooManyEndsWithItsUsersNextRequest() throws Exception {
        try (var other = Application.start(
                LoginSite.class, "session-registry=false", "realtime-ticket.gate.paths=/realtime/**")) {
            WebUser bob = other.user().logsIn("bob", "ticket");
            try (Connection open = Connection.open(other.uri("ws", "/realtime/socket?ticket=" + bob.ticket()))) {
                WebUser unused = other.user().logsIn("bob", "ticket");
                assertOpen(open);

                assertThat(bob.get("/page").body()).contains("expired");

                assertThat(open.closeCode()).isEqualTo(3000);
            }
        }
    }

    @Test
    void nobodyRevokesButAnOperator() throws Exception {
        String his = "{\"holder\":\"ivan\"}";
        WebUser ivan = user("ivan");
        try (Connection open = open(ivan.ticket())) {
            assertThat(revoke(application.user(), his)).isEqualTo(401);
            assertThat(revoke(ivan, his, "X-CSRF-TOKEN", ivan.csrf())).isEqualTo(401);
            assertThat(revoke(application.user(), his, "Authorization", basic("ivan")))
                    .isEqualTo(403);
            assertThat(ivan.get("/actuator/realtimeconnections").statusCode()).isEqualTo(401);

            assertOpen(open);
        }
    }

    @Test
    void theEndpointListsNoMoreThanIsAskedForTheLatestFirst() throws Exception {
        try (Connection first = open(user("judy").ticket());
                Connection second = open(user("mallory").ticket())) {
            String latest = only("mallory").fingerprint();

            assertThat(listed(application, "operator", "?limit=1"))
                    .containsOnlyOnce("\"ticket\"")
                    .contains("\"ticket\":\"" + latest + "\"")
                    .doesNotContain("\"count\":1,");
            assertThat(listed(application, "operator", "?limit=0")).contains("\"connections\":[]");
            assertOpen(first);
            assertOpen(second);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "-7", "1580661436132757506", "9223372036854775808", "1234567890123456789012345"})
    void aHolderWhoseIdIsANumberIsRevokedByANumberAndSoIsTheOneWhoseIdReadsLikeIt(String id) throws Exception {
        var number = new TicketHolder(new BigInteger(id), "number", Map.of());
        try (Connection open = open(application.issue(number));
                Connection alike = open(application.issue(TicketHolder.of(id, "alike")))) {
            assertThat(revoke("{\"holder\":" + id + "}")).isEqualTo(204);
            assertThat(open.closeCode()).isEqualTo(3000);
            assertThat(alike.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void thereIsNoEndpointUnlessItIsSwitchedOn() throws Exception {
        try (var other = Application.start(LoginSite.class, "management.endpoints.web.exposure.include=*")) {
            assertThat(other.user()
                            .get("/actuator/realtimeconnections", "Authorization", basic("operator"))
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void namesAreShownToEverybodyWhoIsLetInWhereTheyAreToBeAndReadOnlyRevokesNothing() throws Exception {
        try (var other = endpoint(
                "management.endpoint.realtimeconnections.access=read-only",
                "management.endpoint.realtimeconnections.show-values=always")) {
            WebUser grace = other.user().logsIn("grace", "ticket");
            try (Connection open = Connection.open(other.uri("ws", "/realtime/socket?ticket=" + grace.ticket()))) {
                assertOpen(open);

                assertThat(listed(other, "operator", "")).contains("\"username\":\"grace\"");
                assertThat(revoke(other.user(), "{\"holder\":\"grace\"}", "Authorization", basic("operator")))
                        .isEqualTo(405);
                assertOpen(open);
            }
        }
    }

    @Test
    void namesAreShownByRoleAndWithoutAFeedARevocationIsRefused() throws Exception {
        try (var other = endpoint(
                "realtime-ticket.revocations.enabled=false",
                "management.endpoint.realtimeconnections.access=unrestricted",
                "management.endpoint.realtimeconnections.show-values=when-authorized",
                "management.endpoint.realtimeconnections.roles=CHIEF")) {
            WebUser grace = other.user().logsIn("grace", "ticket");
            try (Connection open = Connection.open(other.uri("ws", "/realtime/socket?ticket=" + grace.ticket()))) {
                assertOpen(open);

                assertThat(listed(other, "operator", "")).contains("******").doesNotContain("grace");
                assertThat(listed(other, "chief", "")).contains("\"username\":\"grace\"");
                assertThat(revoke(other.user(), "{\"holder\":\"grace\"}", "Authorization", basic("operator")))
                        .isEqualTo(503);
                assertOpen(open);
            }
        }
    }

    private static Application endpoint(String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("realtime-ticket.gate.paths=/realtime/**");
        all.add("management.endpoints.web.exposure.include=*");
        return Application.start(LoginSite.class, all.toArray(String[]::new));
    }

    private static String listed(Application application, String asking, String query) throws Exception {
        return application
                .user()
                .get("/actuator/realtimeconnections" + query, "Authorization", basic(asking))
                .body();
    }

    private static WebUser user(String username) throws Exception {
        return application.user().logsIn(username, "ticket");
    }

    private static URI socket(String ticket) {
        return application.uri(
                "ws",
                "/realtime/socket?ticket=" + Ticket.parse(ticket).orElseThrow().reveal());
    }

    /** One that has answered, so that the server has it for open, too. */
    private static Connection open(String ticket) throws Exception {
        Connection connection = Connection.open(socket(ticket));
        assertOpen(connection);
        return connection;
    }

    private static void assertOpen(Connection connection) throws Exception {
        connection.send("still here");
        assertThat(connection.next()).isEqualTo("still here");
    }

    private static LiveConnection only(String username) {
        return application.bean(Gate.class).connections().stream()
                .filter(connection -> connection.holder().username().equals(username))
                .reduce((one, another) -> {
                    throw new AssertionError("Two connections of " + username);
                })
                .orElseThrow();
    }

    private static HttpResponse<String> askFor(String token) throws Exception {
        return application.user().post("/ticket/", "Authorization", "Bearer " + token);
    }

    private static String ticketFor(String token) throws Exception {
        return application.user().ticket("Authorization", "Bearer " + token);
    }

    private static int revoke(String json) throws Exception {
        return revoke(application.user(), json, "Authorization", basic("operator"));
    }

    private static int revoke(WebUser user, String json, String... headers) throws Exception {
        return revocation(user, json, headers).statusCode();
    }

    private static HttpResponse<String> revocation(WebUser user, String json, String... headers) throws Exception {
        HttpRequest.Builder request = user.request("/actuator/realtimeconnections", headers)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json));
        return user.send(request);
    }

    private static String basic(String username) {
        byte[] credentials = (username + ":ticket").getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }
}
