// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import io.github.realtimeticket.TicketEvent.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A connection that a ticket has opened, from {@link Admission.Admitted#opened} until whoever opened it says that it has {@link #ended}.
 *
 * <p>It is closed at its deadline (T17), and when its session, its holder or its ticket is revoked (T16). Another ticket of the same login
 * {@linkplain #renew renews} it.
 *
 * <p>Thread-safe.
 */
public final class LiveConnection {

    private final Gate gate;
    private final Ticket ticket;
    private final long ticketStart;
    private final TicketValue value;
    private final Closing closing;
    private final long opened;

    // What another ticket changes: all of it in one step, together with where this is found by it.
    private volatile List<Renewal> renewals = List.of();
    private volatile TicketLogin login;
    private volatile @Nullable Instant until;
    private long deadline;
    private int renewalsAsked;
    private int lastRenewal;

    private long closed;
    private @Nullable Ending why;
    private boolean ended;
    private volatile boolean forbidden;

    private record Renewal(Ticket ticket, long nanos) {}

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
            Gate gate,
            Ticket ticket,
            long ticketStart,
            TicketValue value,
            @Nullable Instant until,
            Closing closing,
            long opened,
            long deadline) {
        this.gate = gate;
        this.ticket = ticket;
        this.ticketStart = ticketStart;
        this.value = value;
        login = value.login();
        this.closing = closing;
        this.until = until;
        this.opened = opened;
        this.deadline = deadline;
    }

    /** The user whose connection this is, as the ticket that has opened it says. */
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
        return gate.connections().endings().instant(opened);
    }

    /** When it is closed at the latest, as its last ticket says; {@code null} if it has no deadline. */
    public @Nullable Instant until() {
        return until;
    }

    /**
     * Lets the connection go on until the deadline of another ticket, which the client has sent in a message of the application's choosing.
     * The ticket is redeemed as any other, in one round trip, at most once in the world, and must be of the same holder, session and
     * audience, and of no other origin. The connection then knows what the ticket's issuer knew, and ends if the new ticket is revoked, too,
     * as long as that may have another use (T19): for six minutes at least.
     *
     * <p>What the first ticket allowed the new one may not: the application looks before anything changes, and is to end the connection
     * if it has lost what it is for ({@link Admission.Admitted#forbid}).
     *
     * <p>What is refused changes nothing: the connection stays until its deadline. Of several renewals at once the one that was asked for
     * last counts. A connection that is closed, or ended, stays so: the answer is {@link Refusal#REVOKED} or {@link Refusal#OVERDUE}, and
     * the ticket is not used up unless that happens meanwhile.
     *
     * <p>The stage never fails, and may complete on the store's thread, which must not be blocked.
     *
     * @param ticket the text of a ticket, as it came
     * @param allowed whether the connection may go on by what the new ticket says, such as {@code renewed -> renewed.allows("room", "7")};
     *     if not, it is {@link Refusal#FORBIDDEN}, and the ticket is used up. Asked on the store's thread
     * @return {@link Admission.Admitted} with what the new ticket says, such as attributes, whose {@link Admission.Admitted#connection()} is
     *     this connection; or {@link Admission.Refused}
     */
    public CompletionStage<Admission> renew(String ticket, Predicate<? super Admission.Admitted> allowed) {
        int number;
        synchronized (this) {
            number = ++renewalsAsked;
        }
        return gate.renew(this, ticket, number, allowed);
    }

    /**
     * Closes the connection, on this thread. Does nothing if it is being closed already or has ended.
     *
     * @param code the WebSocket close code, which a connection without such codes ignores
     * @param reason a word or two, in ASCII
     */
    public void close(int code, String reason) {
        Endings endings = gate.connections().endings();
        if (!close(code, reason, Ending.CLOSED, endings.nanoTime()) && forbidden) {
            endings.forbidAgain(this);
        }
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
        gate.connections().ended(this, by);
    }

    /** Closes what is to be closed since this time. Whether this did not fail. */
    boolean close(int code, String reason, Ending by, long since) {
        synchronized (this) {
            boolean renewed =
                    by == Ending.DEADLINE && !gate.connections().endings().isOver(deadline);
            if (ended || why != null || renewed) {
                return true;
            }
            why = by;
            // Nobody was in before that, whatever the clock says of whoever revoked.
            closed = since - opened < 0 ? opened : since;
        }
        try {
            closing.close(code, reason);
            return true;
        } catch (Throwable e) {
            // An error and, from other languages, a checked exception too. The connection may be open still.
            synchronized (this) {
                why = null;
            }
            gate.connections().failed(e);
            return false;
        }
    }

    /** From now on its client is told not to come back. */
    void forbid() {
        forbidden = true;
    }

    boolean isForbidden() {
        return forbidden;
    }

    /** Why a ticket of the same login cannot renew it; {@code null} if it is open. */
    synchronized @Nullable Refusal refusal() {
        if (why == null && !ended) {
            return null;
        }
        return why == Ending.REVOKED ? Refusal.REVOKED : Refusal.OVERDUE;
    }

    /** Takes over what another ticket says, unless a renewal that was asked for later has been taken over already. */
    synchronized void renewed(int number, Ticket by, TicketLogin login, @Nullable Instant until, long deadline) {
        long now = gate.connections().endings().nanoTime();
        Stream<Renewal> known = renewals.stream().filter(one -> now - one.nanos() < Revoked.REMEMBERED.toNanos());
        renewals = Stream.concat(known, Stream.of(new Renewal(by, now))).toList();
        // Numbers may wrap around.
        if (number - lastRenewal < 0) {
            return;
        }
        lastRenewal = number;
        this.login = login;
        this.until = until;
        this.deadline = deadline;
    }

    Ticket ticket() {
        return ticket;
    }

    /** The tickets that have renewed it and may have been used by somebody else, and the last one. */
    Stream<Ticket> renewals() {
        return renewals.stream().map(Renewal::ticket);
    }

    /** What {@link LiveConnections} finds it by when its ticket is revoked: a part of the hash, which takes its time. */
    long ticketStart() {
        return ticketStart;
    }

    TicketBinding binding() {
        return value.binding();
    }

    /** What its last ticket says of the login. */
    TicketLogin login() {
        return login;
    }

    /** The tick at which it is closed. */
    synchronized long deadline() {
        return deadline;
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    synchronized @Nullable Duration closing() {
        return why == null
                ? null
                : Duration.ofNanos(gate.connections().endings().nanoTime() - closed);
    }

    /** Without anything that is secret, and fit for a log (T13). */
    @Override
    public String toString() {
        return "LiveConnection[" + holder() + ", ticket=" + fingerprint() + ", session=" + session() + ", since="
                + since() + ", until=" + until + "]";
    }
}
