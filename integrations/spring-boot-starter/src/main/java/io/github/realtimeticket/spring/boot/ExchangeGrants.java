// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.spring.webflux.ReactiveTicketGrants;

/**
 * As {@link RequestGrants}, in a reactive application.
 *
 * @param grants what an exchange gets
 */
record ExchangeGrants(ReactiveTicketGrants grants) {}
