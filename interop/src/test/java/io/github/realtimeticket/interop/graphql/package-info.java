// SPDX-License-Identifier: Apache-2.0
/** GraphQL in Spring with the clients that browsers have for it. */
@NullMarked
package io.github.realtimeticket.interop.graphql;

import org.jspecify.annotations.NullMarked;
