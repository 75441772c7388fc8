// SPDX-License-Identifier: Apache-2.0
/**
 * Tickets in a database that issuers and redeemers share.
 *
 * <p>A {@link io.github.realtimeticket.jdbc.JdbcTicketStore} is made for a data source, by {@link
 * io.github.realtimeticket.jdbc.JdbcTicketStore#of} or a {@link io.github.realtimeticket.jdbc.JdbcTicketStoreBuilder}. An operation
 * runs on a thread of the store, on a connection that it takes from the source for itself, with the statements of the database
 * that is there. What goes wrong becomes a {@link io.github.realtimeticket.TicketStoreException} in time, in words that
 * have no ticket, no value and no parameter in them.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.jdbc;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
