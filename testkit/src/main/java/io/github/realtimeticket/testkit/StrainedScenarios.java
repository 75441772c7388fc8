// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static io.github.realtimeticket.testkit.IssueForm.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.github.realtimeticket.testkit.IssuerContract.Login;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Users who ask for too many tickets, and a store that is down. */
abstract class StrainedScenarios {

    private final IssueDesk own;
    private final IssueDesk shared;

    StrainedScenarios(IssueDesk own, IssueDesk shared) {
        this.own = own;
        this.shared = shared;
    }

    @AfterEach
    void storeComesBack() {
        own.store().outOfReach(false);
    }

    @Test
    void t18_whoAsksForTooManyIsToldWhenToComeBackAndIsServedThen() throws Exception {
        Login login = own.login();

        int issued = own.issued();
        Answer tooMany = own.askUntilRefused(login, "Origin: " + own.origin());
        int got = own.issued() - issued;
        long seconds = retryAfter(tooMany);
        Thread.sleep(seconds * 1_000);
        Answer later = own.fromOwnPage(login);

        assertThat(got).isGreaterThanOrEqualTo(IssueDesk.BURST);
        assertThat(own.take(later)).isPresent();
    }

    @Test
    void t18_oneUserDoesNotUseUpWhatOthersNeed() throws Exception {
        Login greedy = own.login();
        Login modest = own.login();
        Answer tooMany = own.askUntilRefused(greedy, "Origin: " + own.origin());

        Answer other = own.fromOwnPage(modest);

        assertRefused(tooMany, 429);
        assertThat(own.take(other)).isPresent();
    }

    @Test
    void t18_anotherSessionOfTheSameUserGetsNoTicketsOfItsOwn() throws Exception {
        Login first = own.login("greedy");
        Login second = own.login("greedy");
        Answer tooMany = own.askUntilRefused(first, "Origin: " + own.origin());
        int issued = own.issued();

        Answer still = own.askUntilRefused(second, "Origin: " + own.origin());

        assertRefused(tooMany, 429);
        assertRefused(still, 429);
        assertThat(own.issued() - issued).isLessThan(IssueDesk.BURST);
    }

    @Test
    void t12_aStoreThatIsDownIsA503AndTheNextTicketWorks() throws Exception {
        Login login = own.login();
        own.store().outOfReach(true);

        Answer down = own.fromOwnPage(login);
        Answer readable = shared.post(shared.login(), "Origin: " + IssuerContract.ALLOWED);
        own.store().outOfReach(false);
        Answer up = own.fromOwnPage(login);

        assertRefused(down, 503);
        assertRefused(readable, 503);
        assertThat(readable.header("Access-Control-Allow-Origin")).containsExactly(IssuerContract.ALLOWED);
        assertThat(own.take(up)).isPresent();
    }

    private static long retryAfter(Answer tooMany) {
        assertRefused(tooMany, 429);
        assertThat(tooMany.header("Retry-After")).singleElement(STRING).matches("[1-9][0-9]{0,2}");
        return Long.parseLong(tooMany.header("Retry-After").get(0));
    }
}
