// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.testkit.TicketStoreContract;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisTicketStoreContractTest {

    @Nested
    class Today extends Contract {
        Today() {
            super(new RedisStores());
        }
    }

    /** The whole contract once more by script. */
    @Nested
    class WithoutGetdel extends Contract {
        WithoutGetdel() {
            super(new RedisStores(WithoutGetdelTest.WITHOUT_GETDEL));
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Contract extends TicketStoreContract {

        @RegisterExtension
        final RedisStores stores;

        Contract(RedisStores stores) {
            this.stores = stores;
        }

        @Override
        protected TicketStore store() {
            return stores.open(stores.redis().uri());
        }

        @Override
        protected void pass(Duration time) throws InterruptedException {
            Thread.sleep(time.toMillis());
        }
    }
}
