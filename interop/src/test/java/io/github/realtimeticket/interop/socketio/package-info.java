// SPDX-License-Identifier: Apache-2.0
/** The clients of Socket.IO with a netty-socketio server. */
@NullMarked
package io.github.realtimeticket.interop.socketio;

import org.jspecify.annotations.NullMarked;
