// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.Gate;

class BareServerGateContractTest extends GateContract {

    @Override
    protected RunningServer serve(Gate gate) throws Exception {
        return new BareServer(gate);
    }
}
