// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The contract, run on a web application with one bad habit. */
abstract class BrokenIssuer extends IssuerContract implements IssuerHabits {

    @Override
    final Issuer issuer(TicketStore store, Set<String> allowedOrigins) {
        return settings(Issuer.builder(Tickets.of(store(store))).allowedOrigins(allowedOrigins))
                .build();
    }

    @Override
    protected final RunningIssuer serve(Issuer issuer) throws IOException {
        return new BareIssuer(this, issuer);
    }

    static IssueAnswer with(IssueAnswer answer, String header, String value) {
        Map<String, String> headers = new HashMap<>(answer.headers());
        headers.put(header, value);
        return new IssueAnswer(answer.status(), headers, answer.body());
    }

    static IssueAnswer without(IssueAnswer answer, String header) {
        Map<String, String> headers = new HashMap<>(answer.headers());
        headers.remove(header);
        return new IssueAnswer(answer.status(), headers, answer.body());
    }

    static BareIssuer.Request with(BareIssuer.Request request, String header, List<String> values) {
        var changed = new BareIssuer.Request(request.method(), request.fields(), request.session());
        changed.fields().put(header, values);
        return changed;
    }
}
