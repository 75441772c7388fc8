// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import java.io.IOException;

/** The whole contract once more by script. */
class WithoutGetdelContractTest extends RedisTicketStoreContractTest {

    @Override
    TestRedis startServer() throws IOException {
        return TestRedis.start(WithoutGetdelTest.WITHOUT_GETDEL);
    }
}
