// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a request for a ticket matters to an {@link Issuer}. Each integration adapts its framework's request; a program may adapt
 * any other.
 */
public interface IssueRequest {

    /** The HTTP method, as it was sent. */
    String method();

    /** Every value of a header field, in order, one element for each line; the name is not case-sensitive. */
    List<String> headers(String name);

    /**
     * The origin that the request was sent to, as far as the web application can tell behind its proxies; {@code null} if it cannot.
     */
    @Nullable
    Origin ownOrigin();

    /**
     * Whether the request carries the application's own proof that no foreign page has sent it, such as the CSRF token of its
     * session. Asked only for a user who is logged in, and only when the browser's headers do not say where the request comes from.
     */
    boolean hasCsrfProof();

    /**
     * Whether what the application may look at can be read, as far as its framework tells: a query or a form that does not parse cannot.
     * Such a request is answered with 400. The application would find out by a fault that is not its own.
     */
    default boolean isReadable() {
        return true;
    }

    /**
     * What {@link Revocations#revision()} was before the user of this request was read, by whatever filter; a ticket of a user who is revoked
     * after that is refused.
     *
     * @param now what it is now, for an integration that reads the user only later
     */
    default @Nullable String revision(@Nullable String now) {
        return now;
    }
}
