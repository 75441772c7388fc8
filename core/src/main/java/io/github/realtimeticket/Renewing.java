// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Instant;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One renewal of a connection on its way.
 *
 * @param ticket what is to renew it
 * @param number which of the connection's renewals this is
 * @param allowed what the application says to it
 */
record Renewing(LiveConnection connection, Ticket ticket, int number, Predicate<? super Admission.Admitted> allowed) {

    private static final System.Logger LOG = System.getLogger(Gate.class.getName());

    /** Lets the connection go on by what its ticket says, or refuses that; nothing is told of either yet. */
    Admission decide(Gate gate, TicketValue value, @Nullable Instant until) {
        var renewed = new Admission.Admitted(ticket, value, connection, gate, until);
        Refusal refusal = wrong(value);
        if (refusal == null) {
            refusal = allows(renewed)
                    ? gate.connections().renew(connection, number, ticket, value, until)
                    : Refusal.FORBIDDEN;
        }
        return refusal == null ? renewed : new Admission.Refused(refusal);
    }

    /** Why the ticket is of no use for this connection, though it is good; {@code null} if it is. */
    private @Nullable Refusal wrong(TicketValue value) {
        boolean same = connection.holder().id().equals(value.holder().id())
                && Objects.equals(connection.session(), value.login().session());
        if (!same) {
            return Refusal.WRONG_LOGIN;
        }
        TicketBinding bound = connection.binding();
        String origin = value.binding().origin();
        // A ticket in a page may be bound to none.
        if (origin != null && bound.origin() != null && !origin.equals(bound.origin())) {
            return Refusal.WRONG_ORIGIN;
        }
        return Objects.equals(bound.audience(), value.binding().audience())
                ? connection.refusal()
                : Refusal.WRONG_AUDIENCE;
    }

    private boolean allows(Admission.Admitted renewed) {
        try {
            return allowed.test(renewed);
        } catch (Throwable e) {
            // An error and, from other languages, a checked exception too.
            LOG.log(System.Logger.Level.ERROR, "Whether a connection may be renewed could not be decided", e);
            return false;
        }
    }
}
