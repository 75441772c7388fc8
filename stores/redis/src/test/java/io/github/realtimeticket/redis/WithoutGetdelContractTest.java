// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.fixtures.Redis;
import java.io.IOException;

/** The whole contract once more by script. */
class WithoutGetdelContractTest extends RedisTicketStoreContractTest {

    @Override
    Redis startServer() throws IOException {
        return new Redis(WithoutGetdelTest.WITHOUT_GETDEL);
    }
}
