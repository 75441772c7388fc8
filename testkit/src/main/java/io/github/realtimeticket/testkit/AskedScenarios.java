// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static io.github.realtimeticket.testkit.IssueForm.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.testkit.IssuerContract.Login;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a ticket is asked for: by a logged-in user, with POST, at one address. */
abstract class AskedScenarios {

    private final IssueDesk desk;

    AskedScenarios(IssueDesk desk) {
        this.desk = desk;
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void t12_anyOtherMethodIsRefused(String method) throws Exception {
        List<String> lines = desk.ownPage(desk.login());
        int issued = desk.issued();

        Answer answer = desk.send(method, desk.path(), lines);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).containsExactly("POST");
        assertThat(desk.issued()).isEqualTo(issued);
    }

    @Test
    void t12_theRefusalOfAMethodIsJson() throws Exception {
        Answer answer = desk.send("GET", desk.path(), desk.ownPage(desk.login()));

        assertRefused(answer, 405);
    }

    @Test
    void t12_whoIsNotLoggedInGetsA401AndNoRedirect() throws Exception {
        Answer fromPage = desk.send("POST", desk.path(), List.of("Origin: " + desk.origin()));
        Answer silent = desk.send("POST", desk.path(), List.of("Accept: text/html"));

        assertThat(List.of(fromPage, silent)).allSatisfy(answer -> {
            assertRefused(answer, 401);
            assertThat(answer.header("Location")).isEmpty();
        });
    }

    @Test
    void t12_whoWasLoggedOutElsewhereGetsA401ThoughTheProofIsGoneToo() throws Exception {
        Login login = desk.login();
        List<String> session = login.session().stream()
                .map(cookie -> cookie.substring(0, cookie.indexOf('=') + 1) + "gone")
                .toList();

        Answer fromPage = desk.fromOwnPage(new Login(session, login.proof()));
        Answer silent = desk.post(new Login(session, login.proof()));

        assertThat(List.of(fromPage, silent)).allSatisfy(answer -> assertRefused(answer, 401));
    }

    @Test
    void t12_a401BeginsNoSession() throws Exception {
        Answer fromPage = desk.send("POST", desk.path(), List.of("Origin: " + desk.origin()));
        Answer silent = desk.send("POST", desk.path(), List.of());

        assertThat(List.of(fromPage, silent)).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("Set-Cookie")).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH;a",
                "PATH;/",
                "PATH/",
                "PATH%2F",
                "PATH.",
                "/PATH",
                "/.PATH",
                "/xPATH",
                "/x/..PATH",
                "/x/..;PATH",
                "/x/%2e%2ePATH",
                "SHORT",
                "SHORT;a",
                "SHORT;/",
                "ENCODED",
                "UPPER"
            })
    void t12_anyOtherSpellingOfThePathIssuesNothing(String spelling) throws Exception {
        List<String> lines = desk.ownPage(desk.login());
        int issued = desk.issued();

        Answer answer = desk.send("POST", spelled(spelling), lines);

        assertThat(answer.status()).isGreaterThanOrEqualTo(300);
        assertThat(desk.issued()).isEqualTo(issued);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: nonsense",
                "Content-Type: application/x-www-form-urlencoded; charset=nonsense",
                "Accept: nonsense",
                "Accept-Language: %00",
                "Authorization: Bearer",
                "Cookie: \"=;;=\"",
                "Origin: http://[",
                "Access-Control-Request-Method: nonsense"
            })
    void anOddRequestIsNoFaultOfTheServerAndShowsNoStackTrace(String line) throws Exception {
        Login login = desk.login();

        Answer known = desk.post(login, line);
        Answer unknown = desk.send("POST", desk.path(), List.of(line));

        assertThat(List.of(known.status(), unknown.status())).allMatch(status -> status < 500);
    }

    private String spelled(String spelling) {
        String path = desk.path();
        int first = path.lastIndexOf('/', path.length() - 2) + 1;
        String encoded =
                path.substring(0, first) + "%" + Integer.toHexString(path.charAt(first)) + path.substring(first + 1);
        return spelling.replace("PATH", path)
                .replace("SHORT", path.substring(0, path.length() - 1))
                .replace("ENCODED", encoded)
                .replace("UPPER", path.toUpperCase(Locale.ROOT));
    }
}
