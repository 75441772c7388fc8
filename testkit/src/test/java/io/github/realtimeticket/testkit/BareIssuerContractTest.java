// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.TicketStore;
import java.util.Set;

class BareIssuerContractTest extends IssuerContract {

    @Override
    protected RunningIssuer serve(TicketStore store, Set<String> allowedOrigins) throws Exception {
        return new BareIssuer(new IssuerHabits() {}, store, allowedOrigins);
    }
}
