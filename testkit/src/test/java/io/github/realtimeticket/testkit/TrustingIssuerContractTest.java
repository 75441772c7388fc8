// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The contract finds each issuer that believes a request too much. */
class TrustingIssuerContractTest {

    @Test
    void anIssuerThatTrustsEverySiteFails() {
        assertThat(Failures.of(TrustingIssuers.TrustsEverySite.class))
                .contains(
                        "t12_aPageOfAnotherSiteGetsA403EvenWithAProof",
                        "t12_aForeignOriginIsNotExcusedByWhatElseTheBrowserSays");
    }

    @Test
    void anIssuerThatReadsTheFirstOriginFails() {
        assertThat(Failures.of(TrustingIssuers.ReadsTheFirstOrigin.class))
                .containsExactly("t12_anAllowedOriginIsNoneBesideAnother", "t12_twoOriginsAreRefusedInAnyOrder");
    }

    @Test
    void anIssuerThatKnowsNoFetchMetadataFails() {
        assertThat(Failures.of(TrustingIssuers.KnowsNoFetchMetadata.class))
                .contains("t12_aPageOfAnotherSiteGetsA403EvenWithAProof", "t12_twoSitesAreRefusedInAnyOrder");
    }

    @Test
    void anIssuerThatAsksForNoProofFails() {
        assertThat(Failures.of(TrustingIssuers.AsksForNoProof.class))
                .containsExactly(
                        "t12_aRequestThatDoesNotSayWhereItComesFromNeedsAProof",
                        "t12_aWrongProofOrThatOfAnotherSessionIsNone");
    }

    @Test
    void anIssuerThatTakesAnyProofFails() {
        assertThat(Failures.of(TrustingIssuers.TakesAnyProof.class))
                .containsExactly("t12_aWrongProofOrThatOfAnotherSessionIsNone");
    }

    @Test
    void anIssuerThatTakesAnyMethodFails() {
        assertThat(Failures.of(TrustingIssuers.TakesAnyMethod.class))
                .containsExactly("t12_anyOtherMethodIsRefused", "t12_theRefusalOfAMethodIsJson");
    }

    @Test
    void anIssuerThatFindsEverySpellingFails() {
        assertThat(Failures.of(TrustingIssuers.FindsEverySpelling.class))
                .containsExactly("t12_anyOtherSpellingOfThePathIssuesNothing");
    }

    @Test
    void anIssuerThatLetsEverybodyReadFails() {
        assertThat(Failures.of(TrustingIssuers.LetsEverybodyRead.class))
                .containsExactly(
                        "t12_aPreflightOfAnyOtherOriginAllowsNothing",
                        "t12_anAllowedOriginIsNoneBesideAnother",
                        "t12_thePagesOfAnyOtherOriginCanReadNothing",
                        "t12_thereIsNoCorsUnlessAnOriginIsAllowed");
    }

    @Test
    void anIssuerThatHidesWhenToComeBackFails() {
        assertThat(Failures.of(TrustingIssuers.HidesWhenToComeBack.class))
                .containsExactly("t18_aPageOfAnAllowedOriginCanReadWhenToComeBack");
    }

    @Test
    void anIssuerThatWantsALoginOfPreflightsFails() {
        assertThat(Failures.of(TrustingIssuers.WantsALoginOfPreflights.class))
                .containsExactly("t12_aPreflightOfAnAllowedOriginNeedsNoLoginAndIssuesNothing");
    }
}
