// SPDX-License-Identifier: Apache-2.0
/** The beans in real servers of Micronaut, over real sockets. */
@NullMarked
package io.github.realtimeticket.micronaut;

import org.jspecify.annotations.NullMarked;
