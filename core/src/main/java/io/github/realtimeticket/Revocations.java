// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Ends logins before their time, and tells the gates of it: the place where one revokes, and the feed that gates listen to (T16).
 *
 * <p>An implementation keeps the whole contract, which {@code RevocationsContract} of the testkit checks. It is thread-safe, and never
 * blocks the calling thread on I/O. It stands beside a {@link TicketStore} and promises with it that no question more need be asked of the feed; where the
 * store itself asks one, as in MariaDB, its own documents say so:
 *
 * <p><b>The promise of take.</b> When the store's {@link TicketStore#take take} completes with a value, this feed has told its listeners
 * of every revocation whose stage was complete before that take began, in whichever process it was revoked; or else {@link #isCurrent()}
 * is false, from before the take completes until all of it has been told. So a gate decides without another question: what it has not
 * been told by then was not revoked by then.
 *
 * <p><b>Security:</b> nothing in a feed is a secret. Whoever can write to it can close connections, and open none.
 */
public interface Revocations {

    /**
     * Ends what this names. From the completion of the stage on, no ticket of it is admitted that was outstanding then, and every gate
     * that listens is told, and closes what is open.
     *
     * <p>A revoked session stays so: tickets that are issued in it later are refused as well, for at least {@link
     * TicketStore#LONGEST_TIME_TO_LIVE}. A holder may come back at once: tickets whose issuer knew of the revocation are admitted.
     *
     * <p>The stage fails with {@link TicketStoreException} if the revocation could not be kept, or if it is not known whether it was: then
     * it may be tried again, since a second one does no harm.
     */
    CompletionStage<Void> revoke(Revocation revocation);

    /**
     * Tells this listener of every revocation of at least the last {@link TicketStore#LONGEST_TIME_TO_LIVE}, and of every later one,
     * until it is closed. Until the former are told, {@link #isCurrent()} is false.
     */
    Listening listen(RevocationListener listener);

    /**
     * The last revocation that this process knows to be complete, for the issuer to write into a ticket; {@code null} if it cannot know.
     * Asked before the user is, so that a user who is revoked in between has a ticket that is refused. Needs no I/O.
     */
    @Nullable
    String revision();

    /**
     * The same, for a request to carry from before its user is read until the issuer asks for it ({@link IssueRequest#revision}). Also
     * empty if it fails: only whoever wants a ticket is to hear of that, from the issuer.
     */
    default Optional<String> knownRevision() {
        try {
            return Optional.ofNullable(revision());
        } catch (Throwable e) {
            // An error and, from other languages, a checked exception too.
            return Optional.empty();
        }
    }

    /**
     * Whether the listeners have been told everything, as the promise of take says. While it is false, gates refuse the tickets that are
     * bound to a session, with {@link Refusal#FAILED}. Needs no I/O.
     */
    boolean isCurrent();

    /**
     * A feed for one JVM, beside a store in its memory. Always current.
     *
     * <p>Beside a store that outlives the process, and where this process alone admits, it is a feed until the restart: a ticket that was
     * revoked and is outstanding then is admitted for the rest of its life.
     */
    static Revocations inMemory() {
        return new InMemoryRevocations(System::currentTimeMillis, System::nanoTime);
    }

    /** A listener's place in the feed. */
    interface Listening extends AutoCloseable {

        /** Nothing more is told once this has returned, but what is being told just then. Idempotent. */
        @Override
        void close();
    }
}
