// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.ktor

import io.github.realtimeticket.Issuer
import io.github.realtimeticket.TicketGrant
import io.github.realtimeticket.TicketHolder
import io.github.realtimeticket.TicketStore
import io.github.realtimeticket.Tickets
import io.github.realtimeticket.fixtures.Redis
import io.github.realtimeticket.redis.RedisTicketStore
import io.github.realtimeticket.testkit.IssuerContract
import io.ktor.server.application.ApplicationCall
import io.ktor.server.routing.routing
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Nested
import java.net.URI
import java.time.Duration
import java.util.UUID
import java.util.concurrent.ConcurrentHashMap
import java.util.function.LongSupplier

class KtorIssuerContractTest {
    @Nested
    inner class InMemory : Contract()

    @Nested
    inner class InRedis : Contract() {
        private val redis = Redis()

        override fun store(nanoTime: LongSupplier): TicketStore =
            RedisTicketStore.builder(redis.uri()).timeout(Duration.ofSeconds(10)).build()

        @AfterAll
        fun stopRedis() = redis.close()
    }

    abstract class Contract : IssuerContract() {
        override fun serve(store: TicketStore, allowedOrigins: Set<String>) = site(store, allowedOrigins)
    }
}

/** An application that knows its users by a cookie. */
fun site(store: TicketStore, allowedOrigins: Set<String>): IssuerContract.RunningIssuer {
    val issuer = Issuer.builder(Tickets.of(store)).allowedOrigins(allowedOrigins).build()
    val users = ConcurrentHashMap<String, TicketHolder>()
    val user = { call: ApplicationCall -> call.request.cookies["session"]?.let { users[it] }?.let { TicketGrant.to(it) } }
    val proof = { call: ApplicationCall -> call.request.headers["X-CSRF-Token"] == call.request.cookies["session"] + "proof" }
    val server = ChatServer { routing { tickets(issuer, user, proof) } }

    return object : IssuerContract.RunningIssuer {
        override fun uri(): URI = URI("http", null, "127.0.0.1", server.uri().port, "/ticket/", null, null)

        override fun login(username: String): IssuerContract.Login {
            val session = UUID.randomUUID().toString()
            users[session] = TicketHolder.of(username, username)
            return IssuerContract.Login(listOf("Cookie: session=$session"), listOf("X-CSRF-Token: ${session}proof"))
        }

        override fun close() = server.close()
    }
}
