// SPDX-License-Identifier: Apache-2.0
/** STOMP's JavaScript clients, in Node.js and in Chromium, over WebSocket and over every transport of SockJS; brokers behind a relay. */
@NullMarked
package io.github.realtimeticket.interop.stomp;

import org.jspecify.annotations.NullMarked;
