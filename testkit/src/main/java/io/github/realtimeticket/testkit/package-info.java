// SPDX-License-Identifier: Apache-2.0
/**
 * What every store, every issuer and every gate must pass, as JUnit tests to extend.
 *
 * <p>A store's test extends {@link io.github.realtimeticket.testkit.TicketStoreContract}, says how to reach the store and how
 * to let time pass, and inherits the proof that it loses nothing, keeps nothing for ever and gives each ticket to one caller.
 * The test of a web application that issues tickets extends {@link io.github.realtimeticket.testkit.IssuerContract}, starts it
 * around the issuer that it is given, says how a user logs in, and is asked over real sockets. An integration's test extends
 * {@link io.github.realtimeticket.testkit.GateContract}, starts its server around the gate that it is given, and is tried in
 * the same way, and once more, in {@link io.github.realtimeticket.testkit.WebSocketConnectionContract} or, for streams, {@link
 * io.github.realtimeticket.testkit.ConnectionContract}, for the end of what it opens. Test names cite the rules of {@code docs/protocol.md}.
 * No contract test is ever skipped: a store or a server either keeps the contract or does not.
 */
@NullMarked
package io.github.realtimeticket.testkit;

import org.jspecify.annotations.NullMarked;
