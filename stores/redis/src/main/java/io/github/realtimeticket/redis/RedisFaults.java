// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;

/** What a fault of Redis or of the way to it means. */
final class RedisFaults {

    private static final Pattern QUOTED = Pattern.compile("[`'\",].*", Pattern.DOTALL);

    private RedisFaults() {}

    static boolean isUnknownCommand(Throwable fault) {
        return isAnswer(fault, "ERR unknown command");
    }

    static boolean isWrongType(Throwable fault) {
        return isAnswer(fault, "WRONGTYPE");
    }

    static boolean isReadOnly(Throwable fault) {
        return isAnswer(fault, "READONLY");
    }

    /** A Redis error as far as it surely names no key and no value: Redis quotes what a command had (T13). */
    static TicketStoreException failure(Throwable fault) {
        Throwable cause = unwrap(fault);
        if (cause instanceof TicketStoreException failure) {
            return failure;
        }
        if (cause instanceof RedisCommandExecutionException) {
            return new TicketStoreException("Redis answered with an error: "
                    + QUOTED.matcher(message(cause)).replaceFirst("").strip());
        }
        return new TicketStoreException("Redis could not be reached, or its answer was lost", cause);
    }

    static Throwable unwrap(Throwable fault) {
        return fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    }

    private static boolean isAnswer(Throwable fault, String start) {
        return unwrap(fault) instanceof RedisCommandExecutionException answer
                && message(answer).startsWith(start);
    }

    private static String message(Throwable fault) {
        return String.valueOf(fault.getMessage());
    }
}
