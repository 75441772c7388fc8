// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.helidon;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.IssueRequest;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Origin;
import io.github.realtimeticket.TicketGrant;
import io.helidon.http.HeaderNames;
import io.helidon.http.NotFoundException;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Issues tickets at {@code /ticket/} to users whom the application knows. */
record HelidonTickets(
        Issuer issuer, Function<ServerRequest, Optional<TicketGrant>> users, Predicate<ServerRequest> csrfProof)
        implements Handler {

    /** Runs in a virtual thread, which may wait. */
    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        // Helidon takes other spellings for the same path; a rule of a proxy may not.
        if (!request.prologue().uriPath().rawPath().equals("/ticket/")) {
            throw new NotFoundException("There is no such path");
        }
        IssueAnswer answer = issuer.issue(new Asked(request, csrfProof), () -> users.apply(request))
                .toCompletableFuture()
                .join();
        response.status(Status.create(answer.status()));
        answer.writeHeaders(
                response::header, (name, value) -> response.headers().add(HeaderNames.create(name), value));
        response.send(answer.body());
    }

    private record Asked(ServerRequest request, Predicate<ServerRequest> csrfProof) implements IssueRequest {

        @Override
        public String method() {
            return request.prologue().method().text();
        }

        @Override
        public List<String> headers(String name) {
            return request.headers().all(HeaderNames.create(name), List::of);
        }

        @Override
        public @Nullable Origin ownOrigin() {
            var uri = request.requestedUri();
            return Origin.parse(uri.scheme() + "://" + uri.authority()).orElse(null);
        }

        @Override
        public boolean hasCsrfProof() {
            return csrfProof.test(request);
        }
    }
}
