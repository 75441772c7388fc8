// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import io.github.realtimeticket.fixtures.Connection;
import java.net.URI;

/** A Java backend behind a gate: to each connection it says whose it is, as JSON. */
interface Backend extends AutoCloseable {

    /** The address for WebSockets. */
    String url();

    /** Asks for a WebSocket from a page of this origin. */
    default Opened open(String ticket, String origin) throws Exception {
        try (Connection connection = Connection.open(URI.create(url() + "?ticket=" + ticket), "Origin", origin)) {
            return new Opened(connection.status(), connection.status() == 101 ? connection.next() : "");
        }
    }

    @Override
    void close();

    /**
     * What came of it.
     *
     * @param status 101 if it was opened
     * @param greeting the backend's first message; empty if it was refused
     */
    record Opened(int status, String greeting) {}

    static String greeting(TicketHolder holder) {
        return new String(TicketValueCodec.encode(new TicketValue(holder, TicketBinding.none(), null)), UTF_8);
    }
}
