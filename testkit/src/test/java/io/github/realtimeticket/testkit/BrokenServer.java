// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.Gate;
import java.io.IOException;

/** The contract, run on a server with one bad habit. */
abstract class BrokenServer extends GateContract implements ServerHabits {

    @Override
    protected final RunningServer serve(Gate gate) throws IOException {
        return new BareServer(gate, this);
    }
}
