// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.testkit.IssueForm.Issued;
import io.github.realtimeticket.testkit.IssuerContract.Login;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a logged-in user gets on a page of the application. */
abstract class IssuedScenarios {

    private final IssueDesk desk;

    IssuedScenarios(IssueDesk desk) {
        this.desk = desk;
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "名前", "Zoë \"quoted\" <b>"})
    void t4_aTicketStandsForItsHolderOnce(String username) throws Exception {
        Answer answer = desk.fromOwnPage(desk.login(username));

        Issued issued = IssueForm.issued(answer);
        Optional<TicketValue> first = desk.take(issued.ticket());
        Optional<TicketValue> second = desk.take(issued.ticket());

        assertThat(first).map(value -> value.holder().username()).contains(username);
        assertThat(second).isEmpty();
    }

    @Test
    void t1_aTicketIsLongEnoughNotToBeGuessed() throws Exception {
        Answer answer = desk.fromOwnPage(desk.login());

        assertThat(IssueForm.issued(answer).ticket().reveal()).matches("[A-Za-z0-9_-]{27,64}");
    }

    @Test
    void t14_twoRequestsGetTwoTickets() throws Exception {
        Login login = desk.login();

        Answer one = desk.fromOwnPage(login);
        Answer two = desk.fromOwnPage(login);

        assertThat(desk.take(one)).isPresent();
        assertThat(desk.take(two)).isPresent();
    }

    @Test
    void t12_ofManyUsersAtOnceEachGetsATicketThatStandsForThisUser() throws Exception {
        List<Login> logins = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            logins.add(desk.login("racer" + i));
        }

        List<Answer> answers = Racers.race(10, racer -> desk.fromOwnPage(logins.get(racer)));

        for (int i = 0; i < 10; i++) {
            assertThat(desk.take(answers.get(i)))
                    .map(value -> value.holder().username())
                    .contains("racer" + i);
        }
    }

    @Test
    void t12_anAnswerWithATicketIsNeitherStoredNorTellsAReferrer() throws Exception {
        Answer answer = desk.fromOwnPage(desk.login());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).singleElement(STRING).contains("no-store");
        assertThat(answer.header("Referrer-Policy")).containsExactly("no-referrer");
    }

    @Test
    void t3_aTicketLivesAsLongAsItsAnswerSays() throws Exception {
        Issued issued = IssueForm.issued(desk.fromOwnPage(desk.login()));

        assertThat(issued.seconds()).isBetween(1L, 300L);
        assertThat(desk.store().timeToLive(issued.ticket())).contains(Duration.ofSeconds(issued.seconds()));
    }

    @Test
    void t9_aTicketIsBoundToTheOriginOfItsPage() throws Exception {
        Answer answer = desk.fromOwnPage(desk.login());

        assertThat(desk.take(answer)).map(value -> value.binding().origin()).contains(desk.origin());
    }

    @Test
    void t9_aTicketIsNotBoundToAnOriginThatThePageHides() throws Exception {
        Answer answer = desk.post(desk.login(), "Origin: null", "Sec-Fetch-Site: same-origin");

        assertThat(desk.take(answer).orElseThrow().binding().origin()).isNull();
    }
}
