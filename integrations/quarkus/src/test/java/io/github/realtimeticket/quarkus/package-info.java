// SPDX-License-Identifier: Apache-2.0
/** Quarkus, over real sockets. */
@NullMarked
package io.github.realtimeticket.quarkus;

import org.jspecify.annotations.NullMarked;
