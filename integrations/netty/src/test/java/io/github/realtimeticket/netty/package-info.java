// SPDX-License-Identifier: Apache-2.0
/** The Netty gate over real sockets, with every buffer followed. */
@NullMarked
package io.github.realtimeticket.netty;

import org.jspecify.annotations.NullMarked;
