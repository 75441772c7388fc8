// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.micronaut;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.testkit.GateContract;
import java.util.Optional;

class MicronautGateContractTest extends GateContract {

    @Override
    protected RunningServer serve(Gate gate) {
        return ChatServer.with(gate);
    }

    @Override
    protected Optional<String> username(String message) {
        return Optional.of(message.substring("Hello ".length()));
    }

    // What it logs by itself, its page in docs/backends says.
    @Override
    protected boolean standsOddRequests() {
        return false;
    }
}
