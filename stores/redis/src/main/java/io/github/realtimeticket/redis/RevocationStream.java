// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.Revision;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.TicketStoreException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StreamMessageListOutput;
import io.lettuce.core.output.StreamReadOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The commands on the stream that revocations are kept in (T16). */
final class RevocationStream {

    /** How many revocations are kept at the least, before the oldest are dropped: a few megabytes. */
    static final int LENGTH = 100_000;

    /** How many are read at a time at the most. */
    static final int COUNT = 1_000;

    private static final byte[] FIELD = {'r'};

    // After this come ids with more digits.
    private static final long FARTHEST = 1_000_000_000_000_000L;

    // Whoever revoked something a minute ago adds it again, and has ten seconds more to notice that it is gone.
    static final Duration ADDED_AGAIN = Duration.ofSeconds(50);

    private final byte[] key;
    private final Duration addedAgain;

    /** @param addedAgain what a reader may miss of a stream that is gone, since it is added again */
    RevocationStream(String key, Duration addedAgain) {
        this.key = key.getBytes(StandardCharsets.UTF_8);
        this.addedAgain = addedAgain;
    }

    Duration addedAgain() {
        return addedAgain;
    }

    /** @param json what was revoked, if it can be read */
    record Entry(Revision id, String json) {}

    /** Tells the entries, or a fault: a {@link TicketStoreException} if they have an id that is none. */
    interface Reader extends BiConsumer<@Nullable List<Entry>, @Nullable Throwable> {}

    /**
     * {@code XADD ticket-revocations MAXLEN ~ 100000 * r {"session":"4f6f2f0c..."}}, which answers the id.
     *
     * @param id {@code null} for one by the server's clock, above all others
     */
    void add(
            TicketConnection connection,
            Operation<?> operation,
            Revocation revocation,
            @Nullable Revision id,
            BiConsumer<@Nullable Revision, @Nullable Throwable> then) {
        CommandArgs<byte[], byte[]> arguments = keyed().add("MAXLEN")
                .add("~")
                .add(LENGTH)
                .add(id == null ? "*" : id.toString())
                .add(FIELD)
                .add(revocation.json().getBytes(StandardCharsets.UTF_8));
        connection.send(operation, Call.status(CommandType.XADD, arguments), reading(RevocationStream::id, then));
    }

    /** {@code XREAD COUNT 1000 BLOCK 500 STREAMS ticket-revocations 1767225600000-0}: what comes after this, or in a while. */
    void after(Revision id, Duration wait, TicketConnection connection, Operation<?> operation, Reader then) {
        CommandArgs<byte[], byte[]> arguments = Call.arguments()
                .add("COUNT")
                .add(COUNT)
                .add("BLOCK")
                .add(Math.max(1, wait.toMillis()))
                .add("STREAMS")
                .addKey(key)
                .add(id.toString());
        var read = new Call<>(CommandType.XREAD, new StreamReadOutput<>(ByteArrayCodec.INSTANCE), arguments);
        connection.send(operation, read, reading(RevocationStream::entries, then));
    }

    /** {@code XREVRANGE ticket-revocations 1767225600000-0 1767225600000-0 COUNT 1}: this one, if it is still there. */
    void at(Revision id, TicketConnection connection, Operation<?> operation, Reader then) {
        connection.send(operation, one(id.toString(), id.toString()), reading(RevocationStream::entries, then));
    }

    /** {@code XREVRANGE ticket-revocations + - COUNT 1}: the last one, if there is any. */
    void last(TicketConnection connection, Operation<?> operation, Reader then) {
        connection.send(operation, one("+", "-"), reading(RevocationStream::entries, then));
    }

    /** The same for the id of the last one, to be sent by others. */
    Sent<?> end(TicketConnection connection, BiConsumer<@Nullable Revision, @Nullable Throwable> then) {
        return connection.command(one("+", "-"), reading(messages -> end(entries(messages)), then));
    }

    /** The id of the last of these; {@link Revision#NONE} if there is none. */
    static Revision end(List<Entry> entries) {
        return entries.isEmpty()
                ? Revision.NONE
                : entries.get(entries.size() - 1).id();
    }

    /** An answer that cannot be read is a fault, since a function that throws ends nothing. */
    private static <A, V> BiConsumer<@Nullable A, @Nullable Throwable> reading(
            Function<@Nullable A, V> reader, BiConsumer<@Nullable V, @Nullable Throwable> then) {
        return (answer, fault) -> {
            V read = null;
            Throwable unread = fault;
            if (fault == null) {
                try {
                    read = reader.apply(answer);
                } catch (TicketStoreException e) {
                    unread = e;
                }
            }
            then.accept(read, unread);
        };
    }

    // One with more digits than a clock would give it is no revision (T16), and nothing can come above it.
    private static Revision id(@Nullable String text) {
        try {
            Revision id = Revision.of(Objects.requireNonNullElse(text, ""));
            if (id.milliseconds() < FARTHEST) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // Nor is this one.
        }
        throw new TicketStoreException(
                "The stream of revocations has an id of more than 15 digits, which no clock gives. Delete the stream");
    }

    private Call<List<StreamMessage<byte[], byte[]>>> one(String from, String to) {
        return new Call<>(
                CommandType.XREVRANGE,
                new StreamMessageListOutput<>(ByteArrayCodec.INSTANCE, key),
                keyed().add(from).add(to).add("COUNT").add(1));
    }

    private CommandArgs<byte[], byte[]> keyed() {
        return Call.arguments().addKey(key);
    }

    private static List<Entry> entries(@Nullable List<StreamMessage<byte[], byte[]>> messages) {
        return messages == null
                ? List.of()
                : messages.stream()
                        .map(message -> new Entry(id(message.getId()), json(message.getBody())))
                        .toList();
    }

    private static String json(@Nullable Map<byte[], byte[]> body) {
        return body == null
                ? ""
                : body.entrySet().stream()
                        .filter(member -> Arrays.equals(member.getKey(), FIELD))
                        .findFirst()
                        .map(member -> new String(member.getValue(), StandardCharsets.UTF_8))
                        .orElse("");
    }
}
