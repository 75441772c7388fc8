// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import io.github.realtimeticket.ConnectionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.server.WebSocketSessionInfo;

/**
 * A {@code connection_init}, and the handshake of its session, as a gate sees them.
 *
 * @param origins the lines of {@code Origin} in the handshake
 * @param tickets what the payload has where a ticket can be
 */
record InitMessage(List<String> origins, List<String> tickets) implements ConnectionRequest {

    /** The member of the payload. */
    static final String TICKET = "ticket";

    /** Takes the ticket out of the payload, which others will see. What is no text cannot be a ticket. */
    static InitMessage takenFrom(Map<String, Object> payload, WebSocketSessionInfo session) {
        Object ticket = payload.containsKey(TICKET) ? payload.remove(TICKET) : null;
        List<String> tickets = ticket == null ? List.of() : List.of(ticket instanceof String text ? text : "");
        return new InitMessage(origins(session), tickets);
    }

    // Each line as it came: what else reads HttpHeaders splits at commas.
    private static List<String> origins(WebSocketSessionInfo session) {
        List<String> origins = new ArrayList<>(1);
        session.getHeaders().forEach((name, lines) -> {
            if (name.equalsIgnoreCase("Origin")) {
                origins.addAll(lines);
            }
        });
        return origins;
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
        return "InitMessage[" + origins + "]";
    }
}
