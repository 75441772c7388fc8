// SPDX-License-Identifier: Apache-2.0
/** Both Vert.x gates over real sockets. */
@NullMarked
package io.github.realtimeticket.vertx;

import org.jspecify.annotations.NullMarked;
