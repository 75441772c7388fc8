// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A store could not do its work, and whether it did is not known: a timeout, a lost connection, no room (T5).
 *
 * <p>The ticket concerned is lost: nobody is let in with it and it is not tried again. The client gets a new one. The message
 * never has a ticket in it (T13).
 */
public final class TicketStoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    /** A fault, described without a ticket. */
    public TicketStoreException(String message) {
        this(message, null);
    }

    /** A fault with what caused it. */
    public TicketStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
        refusal = Refusal.FAILED;
    }

    private TicketStoreException(Refusal refusal, String message) {
        super(message);
        this.refusal = refusal;
    }

    /** The store had something for the ticket, which it cannot vouch for, because it is of another history (T15). */
    public static TicketStoreException ofOtherHistory(String message) {
        return new TicketStoreException(Refusal.OTHER_HISTORY, message);
    }

    /** What a gate answers: {@link Refusal#FAILED}, or {@link Refusal#OTHER_HISTORY}. */
    public Refusal refusal() {
        return refusal;
    }

    /** What a stage has failed with, without the {@link CompletionException} that a stage behind it puts around. */
    public static Throwable unwrap(Throwable fault) {
        return fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    }
}
