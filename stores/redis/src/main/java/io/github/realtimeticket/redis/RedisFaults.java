// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;

/** What a fault of Redis or of the way to it means. */
final class RedisFaults {

    // What we or Lettuce send, and a setting that Redis names. Anything else in quotes may be a key, a value or a
    // password.
    private static final String KNOWN =
            "set|getdel|get|del|pttl|eval|xadd|xread|xrevrange|ping|hello|auth|select|info|client|client\\|setname"
                    + "|client\\|setinfo|cluster|cluster\\|nodes|sentinel|maxmemory";

    private static final String NO_QUOTE = "[^`'\",\\r\\n]*+";

    // Up to the first quote, which the one in "can't" is not, and on to the end of a known name in quotes.
    private static final Pattern HARMLESS = Pattern.compile(
            NO_QUOTE + "(?:(?<=n)'(?=t\\b)" + NO_QUOTE + ")*+(?:([`'])(?:" + KNOWN + ")\\1(?: command)?)?",
            Pattern.CASE_INSENSITIVE);

    // What has the form of a ticket, or of its hash, whoever wrote it there.
    private static final Pattern TICKET = Pattern.compile("\\S*[A-Za-z0-9_-]{22,}.*");

    // Lettuce closes a connection whose login is refused, and on another thread may see that end first.
    private static final Set<String> ENDED =
            Set.of("Connection closed prematurely", "RedisHandshakeHandler not registered");

    private static final String SILENCE = "Redis did not answer within ";

    private RedisFaults() {}

    static TicketStoreException silence(Duration timeout) {
        return new TicketStoreException(SILENCE + timeout.toMillis() + " ms");
    }

    static boolean isSilence(Throwable fault) {
        return allOf(fault)
                .anyMatch(below -> below instanceof RedisCommandTimeoutException
                        || below instanceof TimeoutException
                        || message(below).startsWith(SILENCE));
    }

    static boolean isUnknownCommand(Throwable fault) {
        return isAnswer(fault, "ERR unknown command");
    }

    /** Whether the server is older than 6.2: it knows no GETDEL, and no SET with both GET and KEEPTTL. */
    static boolean isOfOlderServer(Throwable fault) {
        return isUnknownCommand(fault) || isAnswer(fault, "ERR syntax error");
    }

    static boolean isWrongType(Throwable fault) {
        return isAnswer(fault, "WRONGTYPE");
    }

    /** Whether the account may not do it, or nobody may. */
    static boolean isForbidden(Throwable fault) {
        return isUnknownCommand(fault)
                || isAnswer(fault, "NOPERM")
                || isAnswer(fault, "ERR ACL failure in script")
                // In a script, Redis before 7.2 says it so.
                || isAnswerWith(fault, "can't run this command")
                // And of a command that nobody may run. Valkey leaves out "Redis".
                || isAnswerWith(fault, "command called from");
    }

    private static boolean isAnswerWith(Throwable fault, String words) {
        return isAnswer(fault) && message(TicketStoreException.unwrap(fault)).contains(words);
    }

    /** Whether nobody serves the slot of the key, or a part of the Cluster is down and the rest does not work without it. */
    static boolean isOfBrokenCluster(Throwable fault) {
        return isAnswer(fault, "CLUSTERDOWN");
    }

    static boolean isReadOnly(Throwable fault) {
        return isAnswer(fault, "READONLY");
    }

    /** What the caller is told: the server's words where there are some, and in no case a key, a value or a secret (T13). */
    static TicketStoreException failure(Throwable fault) {
        Throwable cause = TicketStoreException.unwrap(fault);
        if (cause instanceof TicketStoreException failure) {
            return failure;
        }
        // Without the cause, whose message is not cut.
        return answerIn(cause)
                .map(answer -> new TicketStoreException("Redis answered with an error: " + harmless(message(answer))))
                .orElseGet(() -> new TicketStoreException("Redis could not be reached, or its answer was lost", cause));
    }

    /** As the message of {@link #failure}, and what kept the connection from being opened. For the log. */
    static String reason(Throwable fault) {
        TicketStoreException failure = failure(fault);
        Throwable root = failure;
        for (Throwable below = failure.getCause(); below != null; below = below.getCause()) {
            root = below;
        }
        if (root == failure) {
            return message(failure);
        }
        // Other messages may show what was sent or received.
        boolean harmless = root instanceof ConnectException
                || root instanceof UnknownHostException
                || root instanceof SSLHandshakeException;
        return message(failure) + ": "
                + (harmless ? message(root) : root.getClass().getSimpleName());
    }

    /** A Redis error as far as it surely names no key and no value: Redis quotes what a command had. */
    static String harmless(String error) {
        Matcher start = HARMLESS.matcher(error);
        String words = start.lookingAt() ? start.group() : "";
        return TICKET.matcher(words).replaceFirst("").strip();
    }

    private static Optional<RedisCommandExecutionException> answerIn(Throwable fault) {
        return allOf(fault)
                .filter(RedisCommandExecutionException.class::isInstance)
                .map(RedisCommandExecutionException.class::cast)
                .findFirst();
    }

    // What refuses a connection is a cause of the fault; where several servers were tried, they are beside each other.
    private static Stream<Throwable> allOf(Throwable fault) {
        Stream<Throwable> below = Stream.concat(Stream.ofNullable(fault.getCause()), Stream.of(fault.getSuppressed()));
        return Stream.concat(Stream.of(fault), below.flatMap(RedisFaults::allOf));
    }

    /** Whether the connection ended before it could be used, and the server's answer, if there was one, is lost. */
    static boolean isEndWithoutWords(Throwable fault) {
        return answerIn(fault).isEmpty()
                && allOf(fault).anyMatch(below -> ENDED.contains(message(below)) || isReset(below));
    }

    private static boolean isReset(Throwable fault) {
        return fault instanceof IOException && message(fault).contains("Connection reset");
    }

    /** Whether the server has answered, if only to refuse. */
    static boolean isAnswer(Throwable fault) {
        return TicketStoreException.unwrap(fault) instanceof RedisCommandExecutionException;
    }

    /** Whether Lettuce did not send the command, because its connection is not up. */
    static boolean isNotConnected(Throwable fault) {
        return message(TicketStoreException.unwrap(fault)).startsWith("Currently not connected");
    }

    private static boolean isAnswer(Throwable fault, String start) {
        return TicketStoreException.unwrap(fault) instanceof RedisCommandExecutionException answer
                && message(answer).startsWith(start);
    }

    private static String message(Throwable fault) {
        return String.valueOf(fault.getMessage());
    }
}
