// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.spring.web.TicketGrants;

/**
 * The application's grants, or those it has by default, as far as its security goes. A type of its own, so that the application's bean
 * stays the only one of its type.
 *
 * @param grants what a request gets
 */
record RequestGrants(TicketGrants grants) {}
