// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;

/** A Java backend behind a gate: to each connection it says whose it is, as JSON. */
interface Backend extends AutoCloseable {

    /** The address for WebSockets. */
    String url();

    @Override
    void close();

    static String greeting(TicketHolder holder) {
        return new String(TicketValueCodec.encode(new TicketValue(holder, TicketBinding.none(), null)), UTF_8);
    }
}
