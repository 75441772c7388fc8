// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.backends;

class WebsocketsRevocationsTest extends FollowerContract {

    WebsocketsRevocationsTest() {
        super(() -> Program.python("websockets_revocations_backend.py"));
    }
}
