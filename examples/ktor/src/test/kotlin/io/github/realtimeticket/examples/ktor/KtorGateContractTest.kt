// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.ktor

import io.github.realtimeticket.Gate
import io.github.realtimeticket.TicketStore
import io.github.realtimeticket.fixtures.StoreWithRedis
import io.github.realtimeticket.redis.RedisTicketStore
import io.github.realtimeticket.testkit.GateContract
import org.junit.jupiter.api.Nested
import java.util.Optional
import java.util.function.LongSupplier

class KtorGateContractTest {
    @Nested
    inner class InMemory : Contract()

    @Nested
    inner class InRedis : Contract() {
        override fun store(nanoTime: LongSupplier): TicketStore =
            StoreWithRedis { RedisTicketStore.builder(it).timeout(StoreWithRedis.PATIENCE).build() }
    }

    abstract class Contract : GateContract() {
        override fun serve(gate: Gate) = ChatServer { chat(gate) }

        override fun keepsTicketsBehindAHandshake() = false

        override fun username(message: String): Optional<String> = Optional.of(message.removePrefix("Hello "))
    }
}
