// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.ktor

import io.github.realtimeticket.IssueRequest
import io.github.realtimeticket.Issuer
import io.github.realtimeticket.Origin
import io.github.realtimeticket.TicketGrant
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.plugins.origin
import io.ktor.server.request.ApplicationRequest
import io.ktor.server.request.httpMethod
import io.ktor.server.request.path
import io.ktor.server.response.respond
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.route
import kotlinx.coroutines.future.await
import java.util.Optional

/** Issues at `/ticket/` what [user] says of the user who is logged in; nothing if nobody is. */
fun Route.tickets(issuer: Issuer, user: (ApplicationCall) -> TicketGrant?, csrfProof: (ApplicationCall) -> Boolean) = route("/ticket/") {
    handle {
        // Ktor takes other spellings for the same path; a rule of a proxy may not.
        if (call.request.path() != "/ticket/") return@handle call.respond(HttpStatusCode.NotFound)
        val answer = issuer.issue(Asked(call.request) { csrfProof(call) }) { Optional.ofNullable(user(call)) }.await()
        val headers = answer.headers().filterKeys { it != HttpHeaders.ContentType }
        headers.forEach { (name, value) -> call.response.headers.append(name, value) }
        call.respondText(answer.body(), ContentType.Application.Json, HttpStatusCode.fromValue(answer.status()))
    }
}

private class Asked(private val request: ApplicationRequest, private val csrfProof: () -> Boolean) : IssueRequest {
    override fun method() = request.httpMethod.value

    override fun headers(name: String) = request.headers.getAll(name).orEmpty()

    override fun ownOrigin(): Origin? =
        request.origin.let { Origin.parse("${it.scheme}://${it.serverHost}:${it.serverPort}") }.orElse(null)

    override fun hasCsrfProof() = csrfProof()
}
