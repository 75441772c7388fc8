// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.backends;

import org.junit.jupiter.api.Nested;

class FastApiTest {

    @Nested
    class Hashed extends Backend {
        Hashed() {
            super(Keys.HASHED);
        }
    }

    @Nested
    class Compatible extends Backend {
        Compatible() {
            super(Keys.COMPATIBLE);
        }
    }

    abstract static class Backend extends RedeemerContract {
        Backend(Keys keys) {
            super(() -> Program.python("fastapi_backend.py"), keys);
        }
    }
}
