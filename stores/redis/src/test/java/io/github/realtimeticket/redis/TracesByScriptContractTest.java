// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.ALICE;
import static io.github.realtimeticket.redis.Fixture.ALICE_AS_JSON;
import static io.github.realtimeticket.redis.Fixture.take;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Presentation;
import io.github.realtimeticket.Ticket;
import io.lettuce.core.RedisURI;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The same by script, as on servers before 6.2. */
class TracesByScriptContractTest extends RedisTracesContractTest {

    @Override
    String[] settings() {
        return new String[] {WithoutGetdelTest.WITHOUT_GETDEL};
    }

    /** Which has found out on its connection that the server is an older one. */
    @Override
    RedisTicketStore store(RedisURI uri) {
        RedisTicketStore store = super.store(uri);
        assertThat(take(store, ticket())).isEmpty();
        return store;
    }

    @Override
    void account(String name) {
        redis().account(
                        name,
                        "on >secret resetchannels -@all +info +ping +hello +client|setname ~ticket:* +eval +get +set +pttl +del");
    }

    @Test
    void aKeyWithoutATimeToLiveLeavesNothing() {
        Ticket ticket = ticket();
        redis().cli().set("ticket:" + ticket.sha256(), ALICE_AS_JSON);
        var presentation = new Presentation(Instant.EPOCH, null, null);

        assertThat(presented(store(), ticket, presentation).value()).isEqualTo(ALICE);

        assertThat(redis().cli().exists("ticket:" + ticket.sha256())).isZero();
    }
}
