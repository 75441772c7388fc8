// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static io.github.realtimeticket.fixtures.Answers.assertError;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.WebUser;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A store that breaks its promise to answer in time. */
class SilentStoreTest {

    @Test
    void whoeverWaitsForItIsToldSoInTheEnd() throws Exception {
        var store = new RemoteStore();
        try (var application =
                Application.start(SmallApplication.class, Map.of("store", store), SmallApplication.PATHS)) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            String ticket = alice.ticket();
            store.hold();

            var issuing = alice.postLater("/ticket/");
            var redeeming = alice.getLater("/realtime/plain?ticket=" + ticket);

            assertError(issuing.get(), 503, "unavailable");
            assertError(redeeming.get(), 503, "unavailable");
        }
    }
}
