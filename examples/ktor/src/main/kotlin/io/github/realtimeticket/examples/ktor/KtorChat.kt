// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.ktor

import io.github.realtimeticket.Admission
import io.github.realtimeticket.ConnectionRequest
import io.github.realtimeticket.Gate
import io.github.realtimeticket.Tickets
import io.github.realtimeticket.redis.RedisTicketStore
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.auth.Authentication
import io.ktor.server.auth.AuthenticationConfig
import io.ktor.server.auth.AuthenticationFailedCause
import io.ktor.server.auth.AuthenticationStrategy
import io.ktor.server.auth.authenticate
import io.ktor.server.auth.principal
import io.ktor.server.engine.embeddedServer
import io.ktor.server.http.HttpRequestLifecycle
import io.ktor.server.netty.Netty
import io.ktor.server.request.queryString
import io.ktor.server.response.respondText
import io.ktor.server.routing.routing
import io.ktor.server.websocket.DefaultWebSocketServerSession
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import io.ktor.websocket.CloseReason
import io.ktor.websocket.Frame
import io.ktor.websocket.close
import io.ktor.websocket.readText
import io.lettuce.core.RedisURI
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch

private const val SUBPROTOCOL = "chat"

/** A whole backend: a ticket opens a WebSocket, which greets its holder and echoes. */
fun main(arguments: Array<String>) {
    RedisTicketStore.connect(RedisURI.create(arguments[0])).use { store ->
        server(store.gate(), port = 8080).start(wait = true)
    }
}

fun RedisTicketStore.gate(): Gate =
    Gate.builder(Tickets.builder(this).revocations(revocations()).build()).audience("chat").build()

fun server(gate: Gate, port: Int) = embeddedServer(Netty, host = "127.0.0.1", port = port) { chat(gate) }

fun Application.chat(gate: Gate) {
    install(WebSockets)
    // Without it Ktor goes on for a client that has left while the store was asked, and fails with a stack trace.
    install(HttpRequestLifecycle) { cancelCallOnClose = true }
    install(Authentication) { ticket(gate) }
    routing {
        authenticate("ticket", strategy = AuthenticationStrategy.Required) {
            webSocket("/chat") { greet() }
        }
    }
}

private suspend fun DefaultWebSocketServerSession.greet() {
    val admitted = call.principal<Admission.Admitted>()!!
    val connection = admitted.opened { code, reason -> launch { close(CloseReason(code.toShort(), reason)) } }
    try {
        outgoing.send(Frame.Text("Hello ${admitted.holder().username}"))
        for (frame in incoming) {
            if (frame is Frame.Text) outgoing.send(Frame.Text(frame.readText()))
        }
    } finally {
        connection.ended()
    }
}

/** Makes what was admitted the principal. */
private fun AuthenticationConfig.ticket(gate: Gate) = provider("ticket") {
    authenticate { context ->
        val request = context.call.request
        val opening = ConnectionRequest.of(request.queryString()) { request.headers.getAll(it).orEmpty() }
        when (val admission = gate.admit(opening).await()) {
            is Admission.Admitted -> {
                // Not by the route's protocol: Ktor looks for that in the first line alone.
                if (SUBPROTOCOL in admission.subprotocols()) {
                    context.call.response.headers.append(HttpHeaders.SecWebSocketProtocol, SUBPROTOCOL)
                }
                context.principal(admission)
            }
            is Admission.Refused -> context.challenge("ticket", AuthenticationFailedCause.InvalidCredentials) { challenge, call ->
                val reason = admission.reason
                val headers = reason.headers().filterKeys { it != HttpHeaders.ContentType }
                headers.forEach { (name, value) -> call.response.headers.append(name, value) }
                call.respondText(reason.body(), ContentType.Application.Json, HttpStatusCode.fromValue(reason.status()))
                challenge.complete()
            }
        }
    }
}
