// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.stomp;

import java.nio.file.Path;

class RabbitMqRelayTest extends BrokerRelayContract {

    @Override
    Broker broker(Path directory) throws Exception {
        return new RabbitMq(directory);
    }
}
