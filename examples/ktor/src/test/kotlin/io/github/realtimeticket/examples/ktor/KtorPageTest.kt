// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.ktor

import io.github.realtimeticket.Gate
import io.github.realtimeticket.TicketStore
import io.github.realtimeticket.fixtures.PageScenarios

class KtorPageTest : PageScenarios() {
    override fun issue(store: TicketStore) = site(store, setOf())

    override fun serve(gate: Gate, origin: String) = ChatServer { chat(gate) }
}
