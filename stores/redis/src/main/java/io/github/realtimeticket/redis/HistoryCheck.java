// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

/**
 * Whether a {@link RedisTicketStore} binds tickets to the history of the server's data and checks it when they are taken (T15), so that
 * no failover, split brain or restart from a snapshot brings a used ticket back.
 */
public enum HistoryCheck {
    /**
     * Where Redis tells its history, which it does for whoever may call {@code INFO}. Where it does not, tickets are kept and taken without,
     * and a WARNING says so once; once Redis has told it to this store, it has to. Tickets of issuers that write no history are taken as well.
     * In a Cluster one node that denies it is enough for that, if no other tells it within half of the time limit of an operation.
     * Answers that contradict each other, as those of two servers behind a proxy, count as none: then the store goes on without, until ten
     * in a row agree on a new connection.
     */
    AUTO,
    /** Always: a ticket without a history is nothing, and without {@code INFO} the store fails. */
    REQUIRED,
    /** Never: the store does not ask, writes no history, and takes whatever history a ticket has. */
    OFF
}
