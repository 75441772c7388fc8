// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

/**
 * What {@link Revocations} tell. A listener is told one thing after another, never two at once, and returns soon, since others wait. What
 * it throws is logged and disturbs nobody else; of a revocation that a listener has failed on, a feed may tell it that it is lost.
 */
public interface RevocationListener {

    /**
     * Something was revoked. Told in the order of revisions, and at least once: after a fault a feed may begin again further back.
     *
     * @param revision its place in the order, as two numbers with a hyphen between them, such as {@code 1767225600000-0}; the first number
     *     counts more, and is when that was, in milliseconds since 1970, by the clock of whoever orders them
     */
    void revoked(Revocation revocation, String revision);

    /**
     * The feed has lost something, as after an absence that was longer than it is kept: some of what was revoked up to this revision was
     * not told and never will be. Gates then close what is bound to a session and was issued without knowledge of it; the clients come
     * back with new tickets if they are still logged in.
     */
    void lost(String revision);
}
