// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Admission.Refused;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketValueCodec;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.interop.TicketRedis;
import io.github.realtimeticket.interop.Tools;
import io.github.realtimeticket.redis.TicketKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** From Java through Python and Node.js back to Java, a holder stays who it was. */
class RoundTripTest {

    @AutoClose
    private static TicketRedis redis;

    private static Tickets tickets;

    @AutoClose
    private static Reissuer python;

    @AutoClose
    private static Reissuer node;

    @BeforeAll
    static void start() throws Exception {
        redis = new TicketRedis();
        tickets = redis.tickets(TicketKeys.hashed());
        String port = String.valueOf(redis.port());
        python = new Reissuer(List.of(DjangoSite.python().toString(), "reissue.py", port), Map.of());
        node = new Reissuer(
                List.of("node", "reissue.cjs", port),
                Map.of("NODE_PATH", Tools.nodeModules(Path.of("roundtrip")).toString()));
    }

    @ParameterizedTest
    @MethodSource("holders")
    void aHolderComesBackEqual(TicketHolder holder) throws Exception {
        Ticket issued = tickets.issue(holder).toCompletableFuture().get(30, TimeUnit.SECONDS);

        Ticket last = node.reissue(python.reissue(issued));

        Gate gate = Gate.of(tickets);
        assertThat(gate.admit(last)).succeedsWithin(30, TimeUnit.SECONDS).satisfies(admission -> assertThat(
                        admission.<Object>fold(Admitted::holder, Refused::reason))
                .isEqualTo(holder));
        assertThat(gate.admit(issued)).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(new Refused(Refusal.NOTHING));
    }

    /** Those of the protocol's test vectors, with every kind of id and name. */
    static Stream<TicketHolder> holders() {
        return JsonMapper.shared()
                .readTree(Path.of("..", "docs", "protocol-vectors.json"))
                .required("values")
                .valueStream()
                .filter(vector -> vector.has("value"))
                .map(vector -> vector.required("value").asString().getBytes(StandardCharsets.UTF_8))
                .map(value -> TicketValueCodec.decode(value).orElseThrow().holder())
                .distinct();
    }
}
