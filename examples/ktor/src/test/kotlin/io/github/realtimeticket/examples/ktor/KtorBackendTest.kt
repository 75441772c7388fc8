// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.ktor

import io.github.realtimeticket.fixtures.Redis
import io.github.realtimeticket.fixtures.RedisBackendContract
import io.github.realtimeticket.fixtures.Relay
import io.github.realtimeticket.redis.RedisTicketStore
import io.lettuce.core.RedisURI
import org.junit.jupiter.api.AfterAll
import java.time.Duration

/** The application as it is, with tickets in a real Redis. */
class KtorBackendTest : RedisBackendContract() {
    private val redis = Redis()
    private val relay = Relay(redis.port())
    private val issuing = patient(redis.uri())
    private val store = patient(relay.uri())
    private val server = ChatServer { chat(store.gate()) }

    @AfterAll
    fun stop() {
        listOf(server, store, issuing, relay, redis).forEach { it.close() }
    }

    override fun uri() = server.uri()

    override fun redis() = redis

    override fun relay() = relay

    override fun issuing() = issuing

    private fun patient(uri: RedisURI) = RedisTicketStore.builder(uri).timeout(Duration.ofSeconds(10)).build()
}
