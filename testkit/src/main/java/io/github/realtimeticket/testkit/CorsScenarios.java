// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static io.github.realtimeticket.testkit.IssueForm.assertNoCors;
import static io.github.realtimeticket.testkit.IssueForm.assertRefused;
import static io.github.realtimeticket.testkit.IssuerContract.ALLOWED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages of other origins that are allowed by name (Fetch Standard, "CORS protocol"). */
abstract class CorsScenarios {

    private static final String ORIGIN = "Origin: " + ALLOWED;
    private static final String CROSS_SITE = "Sec-Fetch-Site: cross-site";

    private final IssueDesk own;
    private final IssueDesk shared;

    CorsScenarios(IssueDesk own, IssueDesk shared) {
        this.own = own;
        this.shared = shared;
    }

    @Test
    void t12_aPageOfAnAllowedOriginGetsATicketWithCredentials() throws Exception {
        Answer answer = shared.post(shared.login(), ORIGIN, CROSS_SITE);

        assertThat(answer.header("Vary").toString()).contains("Origin");
        assertReadable(answer);
        assertThat(shared.take(answer)).map(value -> value.binding().origin()).contains(ALLOWED);
    }

    @Test
    void t12_aPageOfAnAllowedOriginCanReadARefusal() throws Exception {
        Answer stranger = shared.send("POST", shared.path(), List.of(ORIGIN, CROSS_SITE));

        assertRefused(stranger, 401);
        assertReadable(stranger);
    }

    @Test
    void t18_aPageOfAnAllowedOriginCanReadWhenToComeBack() throws Exception {
        Answer tooMany = shared.askUntilRefused(shared.login(), ORIGIN, CROSS_SITE);

        assertRefused(tooMany, 429);
        assertReadable(tooMany);
        assertThat(listed(tooMany, "Access-Control-Expose-Headers")).contains("retry-after", "date");
    }

    @Test
    void t12_aPreflightOfAnAllowedOriginNeedsNoLoginAndIssuesNothing() throws Exception {
        int issued = shared.issued();

        Answer answer = preflight(shared, ORIGIN);

        assertThat(answer.status()).isIn(200, 204);
        assertReadable(answer);
        assertThat(listed(answer, "Access-Control-Allow-Methods")).contains("post");
        assertThat(listed(answer, "Access-Control-Allow-Headers")).contains("x-csrf-token");
        assertThat(shared.issued()).isEqualTo(issued);
    }

    @ParameterizedTest
    @MethodSource("others")
    void t12_thePagesOfAnyOtherOriginCanReadNothing(String origin) throws Exception {
        Answer answer = shared.post(shared.login(), origin, CROSS_SITE);

        assertRefused(answer, 403);
        assertNoCors(answer);
    }

    @ParameterizedTest
    @MethodSource("others")
    void t12_aPreflightOfAnyOtherOriginAllowsNothing(String origin) throws Exception {
        Answer answer = preflight(shared, origin);

        assertNoCors(answer);
    }

    @Test
    void t12_anAllowedOriginIsNoneBesideAnother() throws Exception {
        Answer answer = shared.post(shared.login(), ORIGIN, "Origin: https://evil.example");

        assertRefused(answer, 403);
        assertNoCors(answer);
    }

    @Test
    void t12_thereIsNoCorsUnlessAnOriginIsAllowed() throws Exception {
        Answer fromOwnPage = own.fromOwnPage(own.login());
        Answer foreign = own.post(own.login(), ORIGIN, CROSS_SITE);
        Answer preflight = preflight(own, ORIGIN);

        assertThat(fromOwnPage.status()).isEqualTo(200);
        assertRefused(foreign, 403);
        assertThat(List.of(fromOwnPage, foreign, preflight)).allSatisfy(IssueForm::assertNoCors);
    }

    static List<String> others() {
        return List.of(
                "Origin: https://evil.example",
                "Origin: https://app.example.evil.example",
                "Origin: https://evil.example/https://app.example",
                "Origin: https://APP.example",
                "Origin: http://app.example",
                "Origin: https://app.example:443",
                "Origin: https://app.example:8443",
                "Origin: https://app.example, https://evil.example",
                "Origin: null");
    }

    private static Answer preflight(IssueDesk desk, String origin) throws Exception {
        return desk.send(
                "OPTIONS",
                desk.path(),
                List.of(origin, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: x-csrf-token"));
    }

    private static void assertReadable(Answer answer) {
        assertThat(answer.header("Access-Control-Allow-Origin")).containsExactly(ALLOWED);
        assertThat(answer.header("Access-Control-Allow-Credentials")).containsExactly("true");
    }

    private static List<String> listed(Answer answer, String name) {
        String all = String.join(",", answer.header(name)).toLowerCase(Locale.ROOT);
        return List.of(all.split("\\s*,\\s*"));
    }
}
