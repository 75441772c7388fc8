// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.GateCost;
import io.github.realtimeticket.fixtures.Openings.Opener;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Both are of one server here. */
@QuarkusTest
@TestProfile(QuarkusGateCost.Quiet.class)
class QuarkusGateCost extends GateCost {

    @TestHTTPResource("/chat")
    URI address;

    @Override
    protected Opener serve(@Nullable Tickets tickets) {
        return webSocket(
                tickets == null ? address.resolve(ChosenGate.OPEN) : ChosenGate.addressOf(Gate.of(tickets), address));
    }

    /** It logs each connection that is cut, with a stack trace. */
    public static class Quiet extends ChosenGate.Profile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
            overrides.put("quarkus.log.category.\"io.quarkus.websockets.next\".level", "OFF");
            return overrides;
        }
    }
}
