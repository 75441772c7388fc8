// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.await;
import static io.github.realtimeticket.redis.RedisRevocationsTest.gate;
import static io.github.realtimeticket.redis.RedisRevocationsTest.issue;
import static io.github.realtimeticket.redis.RedisRevocationsTest.open;
import static io.github.realtimeticket.redis.RedisRevocationsTest.presentedOnceRevoked;
import static io.github.realtimeticket.redis.RedisRevocationsTest.refusal;
import static io.github.realtimeticket.redis.RedisRevocationsTest.revoke;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.ReplayAlarm;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.fixtures.Relay;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gates with a replay alarm (T19), which take tickets by commands of their own: whom they let in, and what they close. */
class ReplayAlarmTest {

    @Nested
    class Today extends Gates {
        Today() {
            super(new RedisStores());
        }
    }

    /** By script, as on servers before 6.2. */
    @Nested
    class ByScript extends Gates {
        ByScript() {
            super(new RedisStores(WithoutGetdelTest.WITHOUT_GETDEL));
        }

        /** Which has found out on its connection that the server is an older one. */
        @Override
        RedisTicketStore store(RedisURI uri) {
            RedisTicketStore store = super.store(uri);
            assertThat(Fixture.take(store, Fixture.ticket())).isEmpty();
            return store;
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Gates {

        @RegisterExtension
        final RedisStores stores;

        Gates(RedisStores stores) {
            this.stores = stores;
        }

        RedisTicketStore store(RedisURI uri) {
            return Fixture.patient(uri);
        }

        private RedisTicketStore store() {
            return store(stores.redis().uri());
        }

        @BeforeEach
        void empty() {
            stores.redis().cli().flushall();
        }

        @Test
        void t16_ofAThousandTicketsNoneIsAdmittedOnceItsSessionIsRevoked() throws Exception {
            try (RedisTicketStore one = store();
                    RedisTicketStore another = store()) {
                assertThat(presentedOnceRevoked(1_000, one, gate(another, ReplayAlarm.LOG)))
                        .hasSize(1_000)
                        .containsOnly(Optional.of(Refusal.REVOKED));
            }
        }

        @Test
        void t16_aTicketWaitsForAFeedThatIsSlow() throws IOException {
            try (Relay slow = new Relay(stores.redis().port());
                    RedisTicketStore one = store();
                    RedisTicketStore another = store(slow.uri())) {
                Gate gate = gate(another, ReplayAlarm.LOG);
                await(Fixture.PATIENT, () -> another.revocations().isCurrent());

                for (int i = 0; i < 10; i++) {
                    Ticket ticket = issue(one, "slow " + i);
                    CompletionStage<Admission> admission;
                    // What XREAD answers names the stream, and nothing else does.
                    try (Relay.Held held = slow.holdAnswersWith(RedisTicketStore.DEFAULT_REVOCATIONS)) {
                        revoke(one, Revocation.session("slow " + i));
                        admission = gate.admit(ticket);
                        // This is answered behind it.
                        await(another.ping());
                        await(Fixture.PATIENT, () -> held.number() > 0);
                    }

                    assertThat(await(admission)).isEqualTo(new Admission.Refused(Refusal.REVOKED));
                }
            }
        }

        @Test
        void t19_whatTheFirstGateHasOpenedEndsWhenItsTicketIsPresentedToAnother() {
            try (RedisTicketStore one = store();
                    RedisTicketStore another = store()) {
                Gate first = gate(one, ReplayAlarm.CLOSE);
                Gate second = gate(another, ReplayAlarm.CLOSE);
                Ticket ticket = issue(one, null);
                CompletableFuture<Integer> closed = open(first, ticket);
                CompletableFuture<Integer> other = open(first, issue(one, null));

                assertThat(refusal(second, ticket)).contains(Refusal.NOTHING);

                assertThat(await(closed)).isEqualTo(3000);
                assertThat(other).isNotDone();
            }
        }
    }
}
