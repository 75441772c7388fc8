// SPDX-License-Identifier: Apache-2.0
/** A chat of GraphQL in one file, and its tests. */
@NullMarked
package io.github.realtimeticket.examples.graphql;

import org.jspecify.annotations.NullMarked;
