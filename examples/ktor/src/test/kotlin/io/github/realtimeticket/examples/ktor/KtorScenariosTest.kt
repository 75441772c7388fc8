// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.ktor

import io.github.realtimeticket.Gate
import io.github.realtimeticket.fixtures.ChatScenarios
import org.junit.jupiter.api.AfterEach
import java.net.URI
import java.util.concurrent.RejectedExecutionException

class KtorScenariosTest : ChatScenarios() {
    private lateinit var server: ChatServer

    override fun serve(gate: Gate): URI {
        server = ChatServer(gate)
        return server.uri()
    }

    override fun open() = server.open

    override fun statusOfNoUri() = 400

    override fun statusOfTooLong() = 400

    // The client goes in the moment of opening, or while the server stops.
    override fun mayLog(fault: Throwable) =
        fault.message.orEmpty().contains("\"bodyHandler\" is null") || fault is RejectedExecutionException

    @AfterEach
    fun stop() = server.close()
}
