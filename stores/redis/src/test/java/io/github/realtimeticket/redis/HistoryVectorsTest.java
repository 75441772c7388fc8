// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Redis;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The protocol's test vectors of what an answer to {@code INFO replication} says of a ticket's history. */
class HistoryVectorsTest {

    private static Redis redis;

    @BeforeAll
    static void start() throws IOException {
        redis = new Redis();
    }

    @AfterAll
    static void stop() throws IOException {
        redis.close();
    }

    @TestFactory
    Stream<DynamicTest> t15_aTicketIsOfThisHistoryOrRefused() {
        return vectors((info, history) ->
                Replication.in(info.getBytes(StandardCharsets.US_ASCII)).isPrimaryIn(history));
    }

    @TestFactory
    Stream<DynamicTest> t15_inAClusterTheScriptThatTakesReadsItSo() {
        return vectors((info, history) -> {
            String now = run(ClusterScripts.TAKE, "a value", info);
            return now.equals("P" + history + "a value");
        });
    }

    @TestFactory
    Stream<DynamicTest> t15_inAClusterTheScriptThatPutsReadsItSo() {
        return vectors((info, history) -> {
            String unused = run(ClusterScripts.PUT, null, info);
            boolean primary =
                    Replication.in(info.getBytes(StandardCharsets.US_ASCII)).primary();
            // A replica is asked, too, but keeps nothing.
            return primary && ("<" + history + ">").equals(redis.cli().get("ticket"));
        });
    }

    // The server's own answer is left out for that of the vector.
    private static String run(String script, @Nullable String before, String info) {
        redis.cli().flushall();
        if (before != null) {
            redis.cli().set("ticket", before);
        }
        try {
            return redis.cli()
                    .eval(
                            script.replace("redis.call('INFO', 'replication')", "ARGV[4]"),
                            ScriptOutputType.VALUE,
                            new String[] {"ticket"},
                            "<",
                            ">",
                            "10000",
                            info);
        } catch (RedisCommandExecutionException e) {
            assertThat(redis.cli().get("ticket")).as("nothing has happened").isEqualTo(before);
            return e.getMessage();
        }
    }

    private static Stream<DynamicTest> vectors(BiPredicate<String, String> admits) {
        JsonNode vectors = JsonMapper.shared()
                .readTree(Path.of("..", "..", "docs", "protocol-vectors.json"))
                .required("histories");
        assertThat(vectors).isNotEmpty();
        // A value without a history is no question for the server.
        return vectors.valueStream()
                .filter(vector -> !vector.required("history").isNull())
                .map(vector -> DynamicTest.dynamicTest(vector.toString(), () -> assertThat(admits.test(
                                vector.required("info").asString(),
                                vector.required("history").asString()))
                        .isEqualTo(vector.required("admitted").asBoolean())));
    }
}
