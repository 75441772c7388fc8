// SPDX-License-Identifier: Apache-2.0
/**
 * Tickets in Redis, for issuers and redeemers in different processes and hosts.
 *
 * <p>A {@link io.github.realtimeticket.redis.RedisTicketStore} is made for a server, its Sentinels or a Cluster, by {@link
 * io.github.realtimeticket.redis.RedisTicketStore#connect} or a {@link io.github.realtimeticket.redis.RedisTicketStoreBuilder}.
 * {@link io.github.realtimeticket.redis.TicketKeys} says under which key a ticket is kept. The store opens one connection,
 * opens another when that one is lost or silent, and sends no command a second time. {@link
 * io.github.realtimeticket.redis.HistoryCheck} says whether a ticket is refused that a failover or a restart has brought back. {@link
 * io.github.realtimeticket.redis.RedisTicketStore#revocations()} ends tickets and connections before their time. What goes
 * wrong on the way becomes a {@link io.github.realtimeticket.TicketStoreException} in time and without a ticket in its message.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.redis;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
