// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.ktor

import io.github.realtimeticket.Gate
import io.github.realtimeticket.fixtures.ChatScenarios
import org.junit.jupiter.api.AfterEach
import java.net.URI

class KtorScenariosTest : ChatScenarios() {
    private lateinit var server: ChatServer

    override fun serve(gate: Gate): URI {
        server = ChatServer(gate)
        return server.uri()
    }

    override fun open() = server.open

    override fun statusOfNoUri() = 400

    override fun statusOfTooLong() = 400

    @AfterEach
    fun stop() = server.close()
}
