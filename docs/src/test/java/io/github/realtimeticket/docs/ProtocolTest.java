// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the protocol's page shows is what the code does. */
class ProtocolTest {

    private String page;

    @BeforeEach
    void readThePage() throws Exception {
        page = Files.readString(Path.of("protocol.md"));
    }

    @Test
    void theWorkedExampleIsRight() {
        Ticket ticket = Ticket.parse(shown("\\| ticket \\| `([^`]+)` \\|")).orElseThrow();

        assertThat("ticket:" + ticket.sha256()).isEqualTo(shown("\\| key \\| `([^`]+)` \\|"));
        assertThat(ticket.fingerprint()).isEqualTo(shown("\\| fingerprint \\| `([^`]+)` \\|"));
    }

    @Test
    void theValueIsReadAndWrittenAsShown() {
        String json = shown("    (\\{\"id\":1,.*})\n");

        TicketValue value =
                TicketValueCodec.decode(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();

        assertThat(value.holder()).isEqualTo(TicketHolder.of(1, "alice").withAttributes(Map.of("plan", "pro")));
        assertThat(value.binding().audience()).isEqualTo("chat");
        assertThat(new String(TicketValueCodec.encode(value), StandardCharsets.UTF_8))
                .isEqualTo(json);
    }

    @Test
    void everyRefusalIsShownWithItsBody() {
        for (Refusal reason : Refusal.values()) {
            assertThat(page).containsPattern("\\| " + reason.status() + "[ ,].*" + Pattern.quote(reason.body()));
        }
    }

    @Test
    void theScriptRedeemsOnce() throws Exception {
        String script = shown("EVAL \"([^\"]+)\" 1 ticket:<hash>");
        try (var redis = new Redis();
                RedisTicketStore store = RedisTicketStore.connect(redis.uri())) {
            Ticket ticket = Tickets.of(store)
                    .issue(TicketHolder.of(1, "alice"))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            String[] key = {"ticket:" + ticket.sha256()};

            String first = redis.cli().eval(script, ScriptOutputType.VALUE, key);
            String second = redis.cli().eval(script, ScriptOutputType.VALUE, key);

            assertThat(first).startsWith("{\"id\":1,\"username\":\"alice\"");
            assertThat(second).isNull();
        }
    }

    private String shown(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(page);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
