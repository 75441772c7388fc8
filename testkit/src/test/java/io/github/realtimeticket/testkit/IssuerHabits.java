// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import com.sun.net.httpserver.HttpExchange;
import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import java.io.IOException;

/** A seam for each mistake that a web application can make. */
interface IssuerHabits {

    /** Reads a request and writes its answer, which fails if the client has gone. */
    interface Handling {
        void run() throws IOException;
    }

    default TicketStore store(TicketStore store) {
        return store;
    }

    default Issuer.Builder settings(Issuer.Builder settings) {
        return settings;
    }

    default boolean isOurs(String path) {
        return path.equals(BareIssuer.PATH);
    }

    /** What is done around a request. */
    default void around(Handling handling) throws IOException {
        handling.run();
    }

    default BareIssuer.Request heard(BareIssuer.Request request) {
        return request;
    }

    default TicketHolder holder(BareIssuer.Session session) {
        return TicketHolder.of(session.username(), session.username());
    }

    /** Ends what has been answered, or could not be. */
    default void end(HttpExchange exchange) {
        exchange.close();
    }

    default IssueAnswer said(BareIssuer.Request request, IssueAnswer answer) {
        return answer;
    }
}
