// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static io.github.realtimeticket.testkit.IssueForm.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.testkit.IssuerContract.Login;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request comes from: a page of the application, or one that forges a request of its user. */
abstract class SiteScenarios {

    private final IssueDesk desk;

    SiteScenarios(IssueDesk desk) {
        this.desk = desk;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: nonsense",
                "Origin: https://evil.example",
                "origin: https://app.example",
                "Origin: null",
                "Origin:",
                "Origin: http://127.0.0.1",
                "Origin: https://OWN",
                "Origin: http://OWN.evil.example",
                "Origin: http://user@OWN",
                "Origin: http://OWN/",
                "Origin: http://OWN, http://OWN",
                "Origin: http://OWN https://evil.example"
            })
    void t12_aPageOfAnotherSiteGetsA403EvenWithAProof(String line) throws Exception {
        Login login = desk.login();
        int issued = desk.issued();

        Answer answer = desk.post(login, line.replace("OWN", desk.authority()));

        assertRefused(answer, 403);
        assertThat(desk.issued()).isEqualTo(issued);
    }

    @Test
    void t12_aForeignOriginIsNotExcusedByWhatElseTheBrowserSays() throws Exception {
        Login login = desk.login();
        int issued = desk.issued();

        Answer cross = desk.post(login, "Origin: " + desk.origin(), "Sec-Fetch-Site: cross-site");
        Answer both = desk.post(login, "Origin: https://evil.example", "Sec-Fetch-Site: cross-site");

        assertThat(List.of(cross, both)).allSatisfy(answer -> assertRefused(answer, 403));
        assertThat(desk.issued()).isEqualTo(issued);
    }

    @Test
    void t12_twoOriginsAreRefusedInAnyOrder() throws Exception {
        Login login = desk.login();
        String own = "Origin: " + desk.origin();
        String foreign = "Origin: https://evil.example";
        int issued = desk.issued();

        Answer ownFirst = desk.post(login, own, foreign);
        Answer foreignFirst = desk.post(login, foreign, own);
        Answer sameSite = desk.post(login, own, foreign, "Sec-Fetch-Site: same-origin");

        assertThat(List.of(ownFirst, foreignFirst, sameSite)).allSatisfy(answer -> assertRefused(answer, 403));
        assertThat(desk.issued()).isEqualTo(issued);
    }

    @Test
    void t12_twoSitesAreRefusedInAnyOrder() throws Exception {
        Login login = desk.login();
        int issued = desk.issued();

        Answer ownFirst = desk.post(login, "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site");
        Answer foreignFirst = desk.post(login, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-origin");

        assertThat(List.of(ownFirst, foreignFirst)).allSatisfy(answer -> assertRefused(answer, 403));
        assertThat(desk.issued()).isEqualTo(issued);
    }

    @Test
    void t12_aBrowserThatSaysOneOfBothIsBelieved() throws Exception {
        Login login = desk.login();

        Answer byOrigin = desk.post(login, "Origin: " + desk.origin());
        Answer bySite = desk.post(login, "Sec-Fetch-Site: same-origin");

        assertThat(desk.take(byOrigin)).isPresent();
        assertThat(desk.take(bySite)).isPresent();
    }

    @Test
    void t12_aRequestThatDoesNotSayWhereItComesFromNeedsAProof() throws Exception {
        Login login = desk.login();
        int issued = desk.issued();

        Answer without = desk.send("POST", desk.path(), login.session());
        int afterwards = desk.issued();
        Answer with = desk.post(login);

        assertRefused(without, 403);
        assertThat(afterwards).isEqualTo(issued);
        assertThat(desk.take(with)).isPresent();
    }

    @Test
    void t12_aWrongProofOrThatOfAnotherSessionIsNone() throws Exception {
        Login victim = desk.login();
        Login attacker = desk.login();
        List<String> wrong = victim.proof().stream()
                .map(line -> line.substring(0, line.indexOf(':')) + ": wrong")
                .toList();
        int issued = desk.issued();

        Answer withWrong = desk.post(new Login(victim.session(), wrong));
        Answer withTheAttackers = desk.post(new Login(victim.session(), attacker.proof()));

        assertThat(List.of(withWrong, withTheAttackers)).allSatisfy(answer -> assertRefused(answer, 403));
        assertThat(desk.issued()).isEqualTo(issued);
    }
}
