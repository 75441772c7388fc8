// SPDX-License-Identifier: Apache-2.0
/** The Quarkus example, over real sockets. */
@NullMarked
package io.github.realtimeticket.examples.quarkus;

import org.jspecify.annotations.NullMarked;
