// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.patient;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.testkit.Heard;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Stands alone, so that its ten seconds pass beside other tests. */
class CutOffTest {

    @Test
    void t16_aProcessThatIsCutOffForTenSecondsLosesNoneOfAThousandRevocations() throws Exception {
        try (Redis redis = new Redis();
                Relay relay = new Relay(redis.port());
                RedisTicketStore one = patient(redis.uri());
                RedisTicketStore another = patient(relay.uri())) {
            var heard = Heard.of(another.revocations());
            Fixture.await(Duration.ofSeconds(30), () -> another.revocations().isCurrent());
            List<Revocation> revoked = IntStream.range(0, 1_000)
                    .mapToObj(i -> Revocation.session("cut off " + i))
                    .toList();

            relay.refuse();
            for (int second = 0; second < 10; second++) {
                List<CompletionStage<Void>> kept = revoked.subList(100 * second, 100 * (second + 1)).stream()
                        .map(revocation -> one.revocations().revoke(revocation))
                        .toList();
                TimeUnit.SECONDS.sleep(1);
                for (CompletionStage<Void> stage : kept) {
                    Void unused = Fixture.await(stage);
                }
            }
            assertThat(heard.revocations()).isEmpty();
            assertThat(another.revocations().isCurrent()).isFalse();
            relay.heal();

            Fixture.await(Duration.ofSeconds(30), () -> heard.revocations().containsAll(revoked));
            assertThat(heard.lost()).isEmpty();
        }
    }
}
