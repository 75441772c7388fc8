// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.micronaut.context.BeanContext;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.websocket.annotation.ServerWebSocket;
import java.util.Set;

/** In the place of the {@link TicketFilter} on another server than Netty: lets no WebSocket be open that no gate guards. */
@Context
@Requires(classes = ServerWebSocket.class, missing = NettyHttpRequest.class)
final class OtherServer {

    OtherServer(BeanContext beans, @Value("${realtime-ticket.gate.except:}") Set<String> except) {
        if (TicketFilter.isNeeded(beans, except)) {
            throw new ConfigurationException("There is a WebSocket, and tickets open those on Netty only:"
                    + " realtime-ticket.gate.except lists those that no ticket opens");
        }
    }
}
