// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import io.github.realtimeticket.TicketHolder;

/** A user, such as an application's own {@code UserDetails}, that says itself whom its tickets stand for. */
@FunctionalInterface
public interface TicketHolderSource {

    /** The holder of this user's tickets. */
    TicketHolder ticketHolder();
}
