// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import io.github.realtimeticket.TicketEvent.Ending;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A connection that a ticket has opened, from {@link Admission.Admitted#opened} until whoever opened it says that it has {@link #ended}.
 *
 * <p>It is closed at its deadline (T17), and when its session, its holder or its ticket is revoked (T16).
 *
 * <p>Thread-safe.
 */
public final class LiveConnection {

    private final LiveConnections connections;
    private final Ticket ticket;
    private final long ticketStart;
    private final TicketValue value;
    private final Closing closing;
    private final @Nullable Instant until;
    private final long deadline;
    private final long opened;
    private long closed;
    private @Nullable Ending why;
    private boolean ended;

    /** Closes a connection. */
    @FunctionalInterface
    public interface Closing {

        /**
         * Tells the client, and closes the connection; what has no close codes, such as an event stream, just ends. Called once, on any
         * thread, perhaps before {@link Admission.Admitted#opened} has returned, and perhaps when the connection is gone already. If it
         * fails, it is called again: half a second later if the login has ended, else when there is another reason to close.
         *
         * <p>It may wait for a slow client for a second or two, but not for ever: then the closing of the same holder's others would wait
         * for it. An integration that waits for the client's answer hands nothing more of this client's to the application.
         *
         * @param code the WebSocket close code, such as {@link Revocation#UNAUTHORIZED}
         * @param reason a word or two, in ASCII, for the close frame
         */
        void close(int code, String reason) throws Exception;
    }

    LiveConnection(
            LiveConnections connections,
            Ticket ticket,
            long ticketStart,
            TicketValue value,
            @Nullable Instant until,
            Closing closing,
            long opened,
            long deadline) {
        this.connections = connections;
        this.ticket = ticket;
        this.ticketStart = ticketStart;
        this.value = value;
        this.closing = closing;
        this.until = until;
        this.opened = opened;
        this.deadline = deadline;
    }

    /** The user whose connection this is. */
    public TicketHolder holder() {
        return value.holder();
    }

    /** The login session that it does not outlive, {@linkplain TicketLogin#session(String) by its name}; {@code null} if there is none. */
    public @Nullable String session() {
        return value.login().session();
    }

    /** The {@linkplain Ticket#fingerprint() fingerprint} of the ticket that has opened it. */
    public String fingerprint() {
        return ticket.fingerprint();
    }

    /** When it was opened. */
    public Instant since() {
        return connections.instant(opened);
    }

    /** When it is closed at the latest; {@code null} if it has no deadline. */
    public @Nullable Instant until() {
        return until;
    }

    /**
     * Closes the connection, on this thread. Does nothing if it is being closed already or has ended.
     *
     * @param code the WebSocket close code, which a connection without such codes ignores
     * @param reason a word or two, in ASCII
     */
    public void close(int code, String reason) {
        boolean unused = close(code, reason, Ending.CLOSED, connections.nanoTime());
    }

    /** Says that the connection is gone, whoever has ended it. To be called for each; idempotent. */
    public void ended() {
        Ending by;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            by = why == null ? Ending.ITSELF : why;
        }
        connections.ended(this, by);
    }

    /** Closes what was told to close at this time. Whether this did not fail. */
    boolean close(int code, String reason, Ending by, long told) {
        synchronized (this) {
            if (ended || why != null) {
                return true;
            }
            why = by;
            closed = told;
        }
        try {
            closing.close(code, reason);
            return true;
        } catch (Throwable e) {
            // An error and, from other languages, a checked exception too. The connection may be open still.
            synchronized (this) {
                why = null;
            }
            connections.failed(e);
            return false;
        }
    }

    Ticket ticket() {
        return ticket;
    }

    /** What {@link LiveConnections} finds it by when its ticket is revoked: a part of the hash, which takes its time. */
    long ticketStart() {
        return ticketStart;
    }

    TicketValue value() {
        return value;
    }

    /** The tick at which it is closed. */
    long deadline() {
        return deadline;
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    synchronized @Nullable Duration closing() {
        return why == null ? null : Duration.ofNanos(connections.nanoTime() - closed);
    }

    /** Without anything that is secret, and fit for a log (T13). */
    @Override
    public String toString() {
        return "LiveConnection[" + holder() + ", ticket=" + fingerprint() + ", session=" + session() + ", since="
                + since() + ", until=" + until + "]";
    }
}
