// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

/**
 * What gates do when a used ticket is presented again, by somebody who has read it somewhere (T19). The client is told what it is told of any
 * unknown ticket.
 */
public enum ReplayAlarm {
    /** Nothing is known of it, and a used ticket leaves nothing behind. */
    OFF,
    /** A {@link TicketEvent.PresentedAgain} is told, and said at WARNING. */
    LOG,
    /**
     * The ticket is revoked, too, which closes the connection that it has opened, in whichever process: whichever of the two is the
     * thief's. So whoever has a used ticket, during its life, can end that connection.
     */
    CLOSE
}
