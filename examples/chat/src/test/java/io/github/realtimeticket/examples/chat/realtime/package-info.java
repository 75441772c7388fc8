// SPDX-License-Identifier: Apache-2.0
/** The realtime backend over real sockets. */
@NullMarked
package io.github.realtimeticket.examples.chat.realtime;

import org.jspecify.annotations.NullMarked;
