// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.backends;

import org.junit.jupiter.api.Nested;

class TwistedTest {

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
            super(() -> Program.python("twisted_backend.py"), keys);
        }

        // Autobahn sends a status alone.
        @Override
        protected boolean saysWhy() {
            return false;
        }
    }
}
