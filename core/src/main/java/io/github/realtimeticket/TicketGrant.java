// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an application says of a user who asks for a ticket: {@link Granted}, or {@link Denied}. Immutable and thread-safe.
 *
 * <pre>{@code
 * TicketGrant.to(TicketHolder.of(42, "alice")).withAudience("chat")
 * }</pre>
 */
public sealed interface TicketGrant {

    /** A ticket that stands for this user, and is what the issuer makes of it in everything else. */
    static Granted to(TicketHolder holder) {
        return new Granted(holder, null, null, null, null, null);
    }

    /** No ticket for this request, which is answered with 403. The reason is for the application's own log, at DEBUG. */
    static Denied denied(String reason) {
        return new Denied(reason);
    }

    /**
     * The user gets a ticket.
     *
     * @param holder the user the ticket stands for
     * @param audience the only backend that may redeem it (T9); {@code null} for the one that the tickets are set to
     * @param timeToLive how long the ticket lives, not longer than other tickets; {@code null} for as long as these
     * @param authorities what the user may do, for gates that trust this issuer with that; {@code null} if it is not said
     * @param session the login session of the user, as {@link TicketLogin#session(String)} names it (T16); {@code null} for none
     * @param until when the connection is to be closed at the latest (T17); {@code null} if there is no end to the login
     */
    record Granted(
            TicketHolder holder,
            @Nullable String audience,
            @Nullable Duration timeToLive,
            @Nullable List<String> authorities,
            @Nullable String session,
            @Nullable Instant until)
            implements TicketGrant {

        /**
         * Checks and copies.
         *
         * @throws IllegalArgumentException if the life is shorter than {@link TicketStore#SHORTEST_TIME_TO_LIVE}, or the session
         *     is not 1 to 64 of the digits 0-9 and a-f
         */
        public Granted {
            Objects.requireNonNull(holder, "holder");
            if (timeToLive != null && timeToLive.compareTo(TicketStore.SHORTEST_TIME_TO_LIVE) < 0) {
                throw new IllegalArgumentException("A grant's timeToLive must be at least "
                        + TicketStore.SHORTEST_TIME_TO_LIVE.toSeconds() + " s, not " + timeToLive);
            }
            authorities = authorities == null ? null : List.copyOf(authorities);
            session = session == null ? null : TicketLogin.requireSession(session);
        }

        /** The same for this backend alone. */
        public Granted withAudience(String audience) {
            return new Granted(holder, audience, timeToLive, authorities, session, until);
        }

        /** The same for this shorter life. */
        public Granted withTimeToLive(Duration timeToLive) {
            return new Granted(holder, audience, timeToLive, authorities, session, until);
        }

        /** The same with what the user may do. */
        public Granted withAuthorities(Collection<String> authorities) {
            return new Granted(holder, audience, timeToLive, List.copyOf(authorities), session, until);
        }

        /** The same for the login session with this id, of which only the hash is kept: when it is revoked, the connection is closed (T16). */
        public Granted withSession(String id) {
            return new Granted(holder, audience, timeToLive, authorities, TicketLogin.session(id), until);
        }

        /** The same for the session that this identity provider names so, as {@link Revocation#session(String, String)} does. */
        public Granted withSession(String issuer, String id) {
            return new Granted(holder, audience, timeToLive, authorities, TicketLogin.session(issuer, id), until);
        }

        /** The same for a connection that is closed then at the latest (T17), as when the credential of the login expires. */
        public Granted withUntil(Instant until) {
            return new Granted(holder, audience, timeToLive, authorities, session, until);
        }

        /** Everything with control characters escaped, fit for a log (T13); the holder's attributes are not shown. */
        @Override
        public String toString() {
            return "Granted[" + holder + ", audience=" + JsonValues.escape(String.valueOf(audience)) + ", timeToLive="
                    + timeToLive + ", authorities=" + JsonValues.escape(String.valueOf(authorities)) + ", session="
                    + session
                    + ", until=" + until + "]";
        }
    }

    /**
     * The user gets none.
     *
     * @param reason why, for the operator; the client learns of 403 only
     */
    record Denied(String reason) implements TicketGrant {

        /** The reason with control characters escaped, fit for a log (T13). */
        @Override
        public String toString() {
            return "Denied[" + JsonValues.escape(reason) + "]";
        }
    }
}
