// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a Cluster whose history is checked (T15). Each node has a history of its own, and an {@code INFO} would go to any of
 * them. A script goes to the node of its key. It asks first, so that nothing has happened where it may not.
 */
final class ClusterScripts {

    private static final String INFO = "return redis.call('INFO', 'replication')";

    // The last such line, and the first role, as Replication reads it: between them stand the names that replicas
    // announce.
    private static final String ASK = """
            local info = '\\n' .. redis.call('INFO', 'replication')
            local history = string.match(info, '.*\\nmaster_replid:([^%c]*)') or ''
            if #history ~= 40 or string.find(history, '[^0-9a-f]') then
                return redis.error_reply('ERR INFO has no master_replid')
            end
            """;

    static final String PUT = ASK + """
            return redis.call('SET', KEYS[1], ARGV[1] .. history .. ARGV[2], 'NX', 'PX', ARGV[3])""";

    // pcall, so that WRONGTYPE comes back as such and not inside a script's error.
    static final String TAKE = ASK + """
            local now = (string.match(info, '\\nrole:([^%c]*)') == 'master' and 'P' or 'R') .. history
            local value = redis.pcall('GET', KEYS[1])
            if type(value) ~= 'string' then return value end
            redis.call('DEL', KEYS[1])
            return now .. value""";

    private static final String TAKE_AND_TRACE = TAKE.replace("redis.call('DEL', KEYS[1])", """
            local left = redis.call('PTTL', KEYS[1])
            if left > 0 then redis.call('SET', KEYS[1], ARGV[1], 'PX', left) else redis.call('DEL', KEYS[1]) end""");

    private static final int TRIES_A_NODE = 16;

    private static final int DIGITS = 40;
    private static final String ANY_HISTORY = "0".repeat(DIGITS);

    // What follows the history in a value: the end of a text, of "rt" and of the whole.
    private static final byte[] END = "\"}}".getBytes(StandardCharsets.US_ASCII);

    private ClusterScripts() {}

    /**
     * What asks each node that has a part of the keys, since any of them may be dead. A key goes with it because that is where the account
     * must be allowed to run scripts.
     */
    static List<Greeting.Question> questions(TicketConnection connection, Supplier<byte[]> keys) {
        Map<String, byte[]> ofNodes = new HashMap<>();
        byte[] key = keys.get();
        for (int i = TRIES_A_NODE * connection.nodes(); i > 0; i--) {
            String node = connection.nodeOf(key);
            if (node != null) {
                ofNodes.putIfAbsent(node, key);
            }
            key = keys.get();
        }
        // Where nobody has any key, somebody has to say so.
        return (ofNodes.isEmpty() ? List.of(key) : ofNodes.values())
                .stream().map(ClusterScripts::question).toList();
    }

    private static Greeting.Question question(byte[] key) {
        return (connection, then) -> connection.send(
                Call.value(CommandType.EVAL, script(INFO, key)),
                (answer, fault) -> then.accept(fault == null ? Replication.in(answer) : null, fault));
    }

    static void put(
            TicketConnection connection,
            Operation<?> operation,
            byte[] key,
            TicketValue value,
            long milliseconds,
            BiConsumer<@Nullable String, @Nullable Throwable> then) {
        byte[] json = TicketValueCodec.encode(value.withHistory(ANY_HISTORY));
        byte[] start = Arrays.copyOf(json, json.length - END.length - DIGITS);
        CommandArgs<byte[], byte[]> script =
                script(PUT, key).add(start).add(END).add(milliseconds);
        connection.send(operation, Call.status(CommandType.EVAL, script), then);
    }

    /**
     * Tells what it took, and what the node was then; of nothing, neither.
     *
     * @param trace what is to be in its place (T19)
     */
    static void take(
            TicketConnection connection, Operation<?> operation, byte[] key, byte @Nullable [] trace, Taker then) {
        CommandArgs<byte[], byte[]> script =
                trace == null ? script(TAKE, key) : script(TAKE_AND_TRACE, key).add(trace);
        connection.send(operation, Call.value(CommandType.EVAL, script), (answer, fault) -> {
            if (answer == null || answer.length <= DIGITS) {
                then.accept(null, null, fault);
                return;
            }
            var history = new String(answer, 1, DIGITS, StandardCharsets.US_ASCII);
            then.accept(
                    Arrays.copyOfRange(answer, 1 + DIGITS, answer.length),
                    new Replication(answer[0] == 'P', history),
                    fault);
        });
    }

    static CommandArgs<byte[], byte[]> script(String script, byte[] key) {
        return Call.arguments().add(script).add(1).addKey(key);
    }

    interface Taker {
        void accept(byte @Nullable [] json, @Nullable Replication now, @Nullable Throwable fault);
    }
}
