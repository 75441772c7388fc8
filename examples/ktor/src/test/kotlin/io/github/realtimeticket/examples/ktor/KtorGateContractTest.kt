// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.ktor

import io.github.realtimeticket.Gate
import io.github.realtimeticket.testkit.GateContract
import java.util.Optional

class KtorGateContractTest : GateContract() {
    override fun serve(gate: Gate) = ChatServer { chat(gate) }

    override fun username(message: String): Optional<String> = Optional.of(message.removePrefix("Hello "))

    // What it logs by itself, its page in docs/backends says.
    override fun standsOddRequests() = false
}
