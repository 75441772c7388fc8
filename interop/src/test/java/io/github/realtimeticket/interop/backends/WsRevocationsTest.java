// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.backends;

class WsRevocationsTest extends FollowerContract {

    WsRevocationsTest() {
        super(() -> Program.node("ws-revocations-backend.mjs"));
    }
}
