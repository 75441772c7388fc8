// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.backends;

import org.junit.jupiter.api.Nested;

class CycloneTest {

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
            super(Program::cyclone, keys);
        }

        // Its WebSockets do not work on Python 3.
        @Override
        String address() {
            return "http://127.0.0.1:%d/realtime";
        }
    }
}
