// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What of an opening HTTP request matters to a gate. Each integration adapts its framework's request; a program may adapt any
 * other.
 */
public interface ConnectionRequest {

    /**
     * A request with this {@link #query()} and these {@link #headers(String)}, against which nothing is known. What goes wrong before, where the
     * query is found out, no gate answers for.
     */
    static ConnectionRequest of(@Nullable String query, Function<? super String, List<String>> headers) {
        return of(query, headers, null);
    }

    /** A request with this {@link #query()}, these {@link #headers(String)} and this {@link #refusal()}. */
    static ConnectionRequest of(
            @Nullable String query, Function<? super String, List<String>> headers, @Nullable Refusal refusal) {
        return new ConnectionRequest() {
            @Override
            public @Nullable String query() {
                return query;
            }

            @Override
            public List<String> headers(String name) {
                return headers.apply(name);
            }

            @Override
            public @Nullable Refusal refusal() {
                return refusal;
            }
        };
    }

    /** The query part of the request target as it was sent, without the question mark; {@code null} if there is none. */
    @Nullable
    String query();

    /** Every value of a header field, in order, one element for each line; the name is not case-sensitive. */
    List<String> headers(String name);

    /**
     * Why no connection can come of the request whatever its ticket, as far as its framework tells before it tries: a target that it
     * cannot read, an origin that it does not allow. Such a request is refused before the ticket is used up (T20); {@code null} if
     * nothing is known against it.
     */
    default @Nullable Refusal refusal() {
        return null;
    }
}
