// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.ktor

import io.github.realtimeticket.testkit.GateContract
import io.ktor.server.application.Application
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import io.netty.channel.Channel
import kotlinx.coroutines.runBlocking
import java.net.URI
import java.util.concurrent.ConcurrentHashMap

/** An application on a free port, and the connections to it. */
class ChatServer(application: Application.() -> Unit) : GateContract.RunningServer {

    private val connections: MutableSet<Channel> = ConcurrentHashMap.newKeySet()

    private val server = embeddedServer(Netty, configure = {
        connector {
            host = "127.0.0.1"
            port = 0
        }
        channelPipelineConfig = {
            val channel = channel()
            connections += channel
            // In a later turn, when Ktor has heard of it too.
            channel.closeFuture().addListener {
                channel.eventLoop().execute { channel.eventLoop().execute { connections -= channel } }
            }
        }
    }, module = application).start()

    private val port = runBlocking { server.engine.resolvedConnectors().first().port }

    val open: Int get() = connections.size

    override fun uri() = URI("ws://127.0.0.1:$port/chat")

    override fun close() = server.stop(0, 1_000)
}
