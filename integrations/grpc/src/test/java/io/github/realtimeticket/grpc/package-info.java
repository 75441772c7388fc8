// SPDX-License-Identifier: Apache-2.0
/** The gRPC gate over real sockets. */
@NullMarked
package io.github.realtimeticket.grpc;

import org.jspecify.annotations.NullMarked;
