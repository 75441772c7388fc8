// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.messaging;

import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Refusal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;

/**
 * A {@code CONNECT} frame, and the request that opened its session, as a gate sees them.
 *
 * @param origins the lines of {@code Origin} in that request
 * @param tickets what the frame has where a ticket can be
 * @param refusal why it is refused whatever its ticket, or {@code null}
 */
record ConnectFrame(
        List<String> origins,
        List<String> tickets,
        @Nullable Refusal refusal) implements ConnectionRequest {

    /** The header of the frame. */
    static final String TICKET = "ticket";

    // Spring moves a passcode here as it reads the frame.
    private static final String PASSCODE = "stompCredentials";

    private static final Set<String> VERSIONS = Set.of("1.0", "1.1", "1.2");

    /** Takes the ticket out of the frame, which a broker and logs will see. Spring keeps the first of several passcodes only. */
    static ConnectFrame takenFrom(StompHeaderAccessor frame, List<String> origins, boolean isFirst) {
        List<String> tickets = new ArrayList<>(1);
        List<String> own = frame.removeNativeHeader(TICKET);
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
        return new ConnectFrame(origins, tickets, isFirst && readable ? null : Refusal.UNSUITABLE);
    }

    @Override
    public @Nullable String query() {
        return null;
    }

    @Override
    public List<String> headers(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case TICKET -> tickets;
            case "origin" -> origins;
            default -> List.of();
        };
    }

    @Override
    public String toString() {
        return "ConnectFrame[" + origins + "]";
    }
}
