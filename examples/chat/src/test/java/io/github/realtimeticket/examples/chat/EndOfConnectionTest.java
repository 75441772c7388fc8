// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

/** In one process. */
class EndOfConnectionTest extends EndOfConnectionScenarios {

    @AutoClose
    private static ChatSite site;

    @BeforeAll
    static void startSite() throws Exception {
        site = ChatSite.start();
    }

    @Override
    String origin() {
        return site.origin();
    }
}
