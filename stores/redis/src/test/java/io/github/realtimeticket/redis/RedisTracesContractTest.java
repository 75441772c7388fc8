// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.ALICE;
import static io.github.realtimeticket.redis.Fixture.await;
import static io.github.realtimeticket.redis.Fixture.put;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Presentation;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.RememberingTicketStore.Taken;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.testkit.RememberingStoreContract;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisTracesContractTest extends RememberingStoreContract {

    private static final Presentation FIRST = new Presentation(Instant.EPOCH, "1".repeat(32), null);
    private static final Presentation SECOND = new Presentation(Instant.EPOCH, "2".repeat(32), null);

    @RegisterExtension
    final RedisStores stores = new RedisStores(settings());

    String[] settings() {
        return new String[0];
    }

    @Override
    protected RedisTicketStore store() {
        return store(redis().uri());
    }

    RedisTicketStore store(RedisURI uri) {
        return stores.open(uri);
    }

    Redis redis() {
        return stores.redis();
    }

    @Override
    protected void pass(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }

    @Test
    void t19_theTraceHasTheTimeThatIsLeftAndNoSecret() {
        Ticket ticket = ticket();
        RedisTicketStore store = store();
        assertThat(put(store, ticket)).isTrue();

        assertThat(presented(store, ticket, FIRST).value()).isEqualTo(ALICE);

        String key = "ticket:" + ticket.sha256();
        assertThat(redis().cli().get(key)).isEqualTo(FIRST.json());
        assertThat(redis().cli().pttl(key)).isBetween(1L, 60_000L);
    }

    @Test
    void t5_aKeyOfAnotherTypeIsNothingAndStays() {
        Ticket ticket = ticket();
        String key = "ticket:" + ticket.sha256();
        redis().cli().rpush(key, "somebody's", "list");

        assertThat(presented(store(), ticket, FIRST)).isEqualTo(Taken.NOTHING);

        assertThat(redis().cli().llen(key)).isEqualTo(2);
    }

    @Test
    void t15_aTicketOfAnotherHistoryIsToldFromOneThatWasUsed() {
        Ticket ticket = ticket();
        redis().cli().psetex("ticket:" + ticket.sha256(), 60_000, Fixture.aliceAsJsonIn("0".repeat(40)));
        RedisTicketStore store = store();

        assertThat(Fixture.failureOf(tracing(store, ticket, FIRST)).refusal()).isEqualTo(Refusal.OTHER_HISTORY);
        assertThat(presented(store, ticket, SECOND).before()).isEqualTo(FIRST);
    }

    @Test
    void theRightsOfARedeemerWithTracesAreEnough() {
        account("redeemer");
        Ticket ticket = ticket();
        assertThat(put(store(), ticket)).isTrue();
        RedisTicketStore redeemer = store(RedisURI.builder(redis().uri())
                .withAuthentication("redeemer", "secret")
                .build());

        assertThat(presented(redeemer, ticket, FIRST).value()).isEqualTo(ALICE);
        assertThat(presented(redeemer, ticket, SECOND).before()).isEqualTo(FIRST);
        assertThat(redeemer.checksHistory()).isTrue();
    }

    void account(String name) {
        redis().account(name, "on >secret resetchannels -@all +info +ping +hello +client|setname ~ticket:* +set");
    }

    static Taken presented(RedisTicketStore store, Ticket ticket, Presentation presentation) {
        return await(tracing(store, ticket, presentation));
    }

    private static CompletionStage<Taken> tracing(RedisTicketStore store, Ticket ticket, Presentation presentation) {
        return store.remembering().orElseThrow().take(ticket, presentation);
    }
}
