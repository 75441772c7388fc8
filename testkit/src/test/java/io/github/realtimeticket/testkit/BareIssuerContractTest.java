// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.Issuer;

class BareIssuerContractTest extends IssuerContract {

    @Override
    protected RunningIssuer serve(Issuer issuer) throws Exception {
        return new BareIssuer(new IssuerHabits() {}, issuer);
    }
}
