// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.ktor

import io.github.realtimeticket.Admission
import io.github.realtimeticket.Gate
import io.github.realtimeticket.TicketHolder
import io.github.realtimeticket.TicketStore
import io.github.realtimeticket.Tickets
import io.github.realtimeticket.fixtures.ChatScenarios
import io.github.realtimeticket.fixtures.Connection
import io.github.realtimeticket.fixtures.Wire
import io.ktor.server.auth.authenticate
import io.ktor.server.auth.principal
import io.ktor.server.routing.routing
import io.ktor.server.websocket.webSocket
import io.ktor.websocket.Frame
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import java.net.URI
import java.util.concurrent.RejectedExecutionException

class KtorScenariosTest : ChatScenarios() {
    private lateinit var server: ChatServer

    override fun serve(gate: Gate): URI {
        server = ChatServer { chat(gate) }
        return server.uri()
    }

    override fun open() = server.open

    @Test
    fun aCallThatMeetsItsProviderTwiceUsesUpOneTicket() {
        val tickets = Tickets.of(TicketStore.inMemory())
        server = ChatServer {
            chat(Gate.of(tickets))
            routing {
                authenticate("ticket") {
                    authenticate("ticket") {
                        webSocket("/twice") {
                            outgoing.send(Frame.Text(call.principal<Admission.Admitted>()!!.holder().username))
                        }
                    }
                }
            }
        }
        val ticket = tickets.issue(TicketHolder.of(7, "bob")).toCompletableFuture().join()

        Connection.open(server.uri().resolve("/twice?ticket=${ticket.reveal()}")).use { client ->
            assertThat(client.next()).isEqualTo("bob")
        }
    }

    @Test
    fun anotherHandshakeBehindOneOpensNothing() {
        val tickets = Tickets.of(TicketStore.inMemory())
        server = ChatServer { chat(Gate.of(tickets)) }
        val handshakes =
            (1..2).joinToString("") {
                val ticket = tickets.issue(TicketHolder.of(it.toLong(), "user-$it")).toCompletableFuture().join().reveal()
                "GET /chat?ticket=$ticket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
                    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            }

        Wire(server.uri().port).use { client ->
            client.send(handshakes)
            assertThat(client.answer().status()).isEqualTo(101)
            Thread.sleep(1_000)
            assertThat(server.open).isLessThanOrEqualTo(1)
        }
    }

    // The client goes in the moment of opening, or while the server stops.
    override fun mayLog(fault: Throwable) =
        fault.message.orEmpty().contains("\"bodyHandler\" is null") || fault is RejectedExecutionException

    @AfterEach
    fun stop() = server.close()
}
