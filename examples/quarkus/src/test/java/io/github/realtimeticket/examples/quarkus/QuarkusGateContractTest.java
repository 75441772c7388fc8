// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.quarkus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.testkit.GateContract;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

@QuarkusTest
@TestProfile(ChosenGate.Profile.class)
class QuarkusGateContractTest {

    private static URI chat;

    @TestHTTPResource("/chat")
    URI address;

    // Quarkus makes an instance for each nested class, and the contract has its state in one.
    @Test
    void theContractOfAGateIsKept() {
        chat = address;

        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Contract.class))
                .execute()
                .testEvents();

        tests.assertStatistics(statistics -> statistics.failed(0).aborted(0).skipped(0));
        assertThat(tests.succeeded().count())
                .isPositive()
                .isEqualTo(tests.started().count());
    }

    static class Contract extends GateContract {

        @Override
        protected RunningServer serve(Gate gate) {
            URI chosen = ChosenGate.addressOf(gate, chat);
            return new RunningServer() {
                @Override
                public URI uri() {
                    return chosen;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        protected Optional<String> username(String message) {
            return Optional.of(message.substring("Hello ".length()));
        }

        // What it logs by itself, its page in docs/backends says.
        @Override
        protected boolean standsOddRequests() {
            return false;
        }
    }
}
