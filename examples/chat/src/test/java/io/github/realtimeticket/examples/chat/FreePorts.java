// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of the loopback interface that nobody uses. */
final class FreePorts {

    private FreePorts() {}

    static int[] two() throws IOException {
        try (var first = listen();
                var second = listen()) {
            return new int[] {first.getLocalPort(), second.getLocalPort()};
        }
    }

    static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }
}
