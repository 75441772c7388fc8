// SPDX-License-Identifier: Apache-2.0
/**
 * Issuing and redeeming in Quarkus, with beans that it finds by itself.
 *
 * <p>An application with an {@link io.github.realtimeticket.Issuer} among its beans answers {@code POST /ticket/} for a logged-in page, and
 * may have a {@link io.github.realtimeticket.quarkus.TicketGrants} that says whom the ticket stands for. One with a
 * {@link io.github.realtimeticket.Gate} opens its endpoints of WebSockets Next by ticket: a
 * {@link io.github.realtimeticket.quarkus.TicketUpgradeCheck} redeems it before the upgrade, and tells an endpoint whose connection it has,
 * which ends with the login.
 */
@NullMarked
@CheckReturnValue
package io.github.realtimeticket.quarkus;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
