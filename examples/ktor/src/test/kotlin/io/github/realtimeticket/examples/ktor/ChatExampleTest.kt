// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.ktor

import io.github.realtimeticket.Gate
import io.github.realtimeticket.TicketHolder
import io.github.realtimeticket.TicketStore
import io.github.realtimeticket.Tickets
import io.github.realtimeticket.fixtures.Connection
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import java.net.URI

class ChatExampleTest {

    private val tickets = Tickets.of(TicketStore.inMemory())

    @Test
    fun aTicketOpensOneSocket() {
        val server = server(Gate.of(tickets), port = 0).start()
        try {
            val port = runBlocking { server.engine.resolvedConnectors().first().port }
            val ticket = tickets.issue(TicketHolder.of(7, "bob")).toCompletableFuture().join()
            val chat = URI("ws://localhost:$port/chat?ticket=${ticket.reveal()}")

            Connection.open(chat).use { client ->
                assertThat(client.next()).isEqualTo("Hello bob")
                client.send("ping")
                assertThat(client.next()).isEqualTo("ping")
            }
            assertThat(Connection.status(chat)).isEqualTo(401)
        } finally {
            server.stop()
        }
    }
}
