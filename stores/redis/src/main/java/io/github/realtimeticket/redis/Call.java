// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;

/**
 * What a command says, for one time.
 *
 * @param output takes the answer, in the form that it has
 * @param words what is behind the name of the command
 */
record Call<V>(CommandType type, CommandOutput<byte[], byte[], V> output, CommandArgs<byte[], byte[]> words) {

    /** One that is answered in a word, such as {@code OK}. */
    static Call<String> status(CommandType type, CommandArgs<byte[], byte[]> arguments) {
        return new Call<>(type, new StatusOutput<>(ByteArrayCodec.INSTANCE), arguments);
    }

    /** One that is answered with a value, or nothing. */
    static Call<byte[]> value(CommandType type, CommandArgs<byte[], byte[]> arguments) {
        return new Call<>(type, new ValueOutput<>(ByteArrayCodec.INSTANCE), arguments);
    }

    static Call<String> ping() {
        return status(CommandType.PING, arguments());
    }

    /** The words of a command, of which there are none yet. */
    static CommandArgs<byte[], byte[]> arguments() {
        return new CommandArgs<>(ByteArrayCodec.INSTANCE);
    }
}
