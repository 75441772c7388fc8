// SPDX-License-Identifier: Apache-2.0
/** Issuing and both gates of Vert.x over real sockets. */
@NullMarked
package io.github.realtimeticket.vertx;

import org.jspecify.annotations.NullMarked;
