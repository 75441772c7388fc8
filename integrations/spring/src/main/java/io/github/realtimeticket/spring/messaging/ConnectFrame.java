// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.messaging;

import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.spring.web.FirstMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;

/** Reads {@code CONNECT} frames. */
final class ConnectFrame {

    // Spring moves a passcode here as it reads the frame.
    private static final String PASSCODE = "stompCredentials";

    private static final Set<String> VERSIONS = Set.of("1.0", "1.1", "1.2");

    private ConnectFrame() {}

    /** Takes the ticket out of the frame, which a broker and logs will see. Spring keeps the first of several passcodes only. */
    static ConnectionRequest takenFrom(StompHeaderAccessor frame, List<String> origins, boolean isFirst) {
        List<String> tickets = new ArrayList<>(1);
        List<String> own = frame.removeNativeHeader(FirstMessage.TICKET);
        if (own != null) {
            tickets.addAll(own);
        }
        String passcode = frame.getPasscode();
        if (passcode != null) {
            tickets.add(passcode);
        }
        List<String> unused = frame.removeNativeHeader(StompHeaderAccessor.STOMP_PASSCODE_HEADER);
        frame.removeHeader(PASSCODE);
        // Spring would find out behind the gate (T20), and not answer at all.
        boolean readable = !Collections.disjoint(frame.getAcceptVersion(), VERSIONS);
        return FirstMessage.of(origins, tickets, isFirst && readable ? null : Refusal.UNSUITABLE);
    }
}
