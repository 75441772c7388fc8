// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.ktor

import io.github.realtimeticket.Gate
import io.github.realtimeticket.Tickets
import io.github.realtimeticket.fixtures.GateCost
import io.github.realtimeticket.fixtures.Openings
import io.ktor.server.application.install
import io.ktor.server.routing.routing
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import io.ktor.websocket.Frame

class KtorGateCost : GateCost() {
    override fun serve(tickets: Tickets?): Openings.Opener {
        val server = ChatServer {
            if (tickets != null) {
                chat(Gate.of(tickets))
            } else {
                install(WebSockets)
                routing {
                    webSocket("/chat") {
                        outgoing.send(Frame.Text("Hello all"))
                        incoming.receiveCatching()
                    }
                }
            }
        }
        return webSocket(server.uri())
    }
}
